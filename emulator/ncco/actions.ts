import type { ActionKind } from './action.ts';
import { connect } from './connect.ts';
import { input } from './input.ts';
import { notify } from './notify.ts';
import { stream } from './stream.ts';
import { talk } from './talk.ts';
import { wait } from './wait.ts';

/** Every action that the platform carries out. To add one: a file beside this one, and its name here. */
export const ACTIONS: readonly ActionKind[] = [connect, input, notify, stream, talk, wait];
