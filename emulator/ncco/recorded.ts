import type { WebhookAddress } from '../account.ts';
import type { Conversation } from '../calls/conversation.ts';
import type { Recording } from '../recordings/recording.ts';
import { recordEvent } from '../webhooks/call-events.ts';
import type { Services } from './action.ts';

/** Keeps a recording that has ended, and tells the application where to get it. */
export function announceRecording(
  { wav, startedAt, endedAt }: ReturnType<Recording['stop']>,
  { conversation }: { conversation: Conversation },
  target: WebhookAddress | undefined,
  { exchange, files, url }: Services,
): void {
  const { world } = exchange.parts;
  const id = world.uuid();
  const { application } = conversation;
  files.keep(id, application.id, wav);
  const event = recordEvent(
    conversation.id,
    { id, url: `${url}/v1/files/${id}`, size: wav.length, startedAt, endedAt },
    world.now(),
  );
  void exchange.tell(conversation, target ?? application.webhooks.event, event);
}
