/** A command of the emulator. It resolves with the exit code; undefined: the process goes on until it is stopped. */
export type Command = (args: string[], environment: NodeJS.ProcessEnv) => Promise<number | undefined>;

/** A mistake in the command line, or in a file that it names: exit code 2, and only the message. */
export class WrongUse extends Error {}

/** How this program is started, for the texts of `--help`: in this repository it is TypeScript, as a package not. */
export const PROGRAM = import.meta.url.endsWith('.ts') ? 'npm run emulator --' : 'npx vonage-voice-emulator';
