import type { ActionKind } from './action.ts';
import { connect } from './connect.ts';
import { conversation } from './conversation.ts';
import { input } from './input.ts';
import { notify } from './notify.ts';
import { record } from './record.ts';
import { stream } from './stream.ts';
import { talk } from './talk.ts';
import { transfer } from './transfer.ts';
import { wait } from './wait.ts';

/**
 * Every action that the platform carries out. To add one: a file beside this one, and its name here.
 * A function, because some of them read NCCOs in turn, and so their modules import each other.
 */
export const allActions = (): readonly ActionKind[] => [
  connect,
  conversation,
  input,
  notify,
  record,
  stream,
  talk,
  transfer,
  wait,
];
