/** The used part of package-lock.json and of npm's list of installed packages. */
export interface Lock {
  packages?: Record<
    string,
    { version?: string; dev?: boolean; optional?: boolean; devOptional?: boolean; link?: boolean }
  >;
}

export function missingPackages(lock: Lock, installed: Lock, wanted: { dev: boolean }): string[];

export function wantsDev(
  lock: Lock,
  installed: Lock,
  wish: { needed: boolean; env: Readonly<Record<string, string | undefined>> },
): boolean;
