import type { ApplicationDraft, Change, PlatformHosts, VoiceWebhooks } from './account.ts';

/** A request that changes something, as shown by `--dry-run`, without secrets. */
interface ShownRequest {
  method: 'POST' | 'PUT';
  url: string;
  /** The values that it sends, one per line. */
  content: string[];
}

/** Placeholder for the application that the same run creates. */
const NEW_APPLICATION = '(the new application)';

/** The request that `Account.carryOut` sends for a change. */
export function requestOf(change: Change, hosts: PlatformHosts): ShownRequest {
  switch (change.kind) {
    case 'create application':
      return { method: 'POST', url: `${hosts.api}/v2/applications`, content: contentOf(change.draft) };
    case 'update application':
      return {
        method: 'PUT',
        url: `${hosts.api}/v2/applications/${change.application.id}`,
        content: contentOf(change.draft),
      };
    case 'buy number':
      return {
        method: 'POST',
        url: `${hosts.rest}/number/buy`,
        content: [`country: ${change.number.country}`, `msisdn: ${change.number.msisdn}`],
      };
    case 'link number':
      return {
        method: 'POST',
        url: `${hosts.rest}/number/update`,
        content: [
          `country: ${change.number.country}`,
          `msisdn: ${change.number.msisdn}`,
          `app_id: ${change.applicationId ?? NEW_APPLICATION}`,
        ],
      };
    case 'create user':
      return { method: 'POST', url: `${hosts.users}/v1/users`, content: [`name: ${change.name}`] };
  }
}

function contentOf({ name, publicKey, webhooks, region }: ApplicationDraft): string[] {
  return [
    `name: ${name}`,
    ...(publicKey === undefined ? [] : ['public key: the half of the key pair that is no secret']),
    ...webhookLines(webhooks),
    'voice: signed callbacks',
    ...(region === undefined ? [] : [`voice region: ${region}`]),
    'rtc: on',
  ];
}

/** The webhooks of an application, one per line. */
function webhookLines(webhooks: VoiceWebhooks): string[] {
  return (['answer', 'event', 'fallback'] as const).flatMap((name) => {
    const webhook = webhooks[name];
    return webhook === undefined ? [] : [`${name} URL: ${webhook.method} ${webhook.address}`];
  });
}
