import type { VoiceWebhooks, Webhook } from '../../vonage/account.ts';

const KINDS = ['answer', 'event', 'fallback'] as const;

/** The webhook URLs of a Switchboard. @param publicUrl without a trailing slash */
export function webhooksAt(publicUrl: string): Required<VoiceWebhooks> {
  return {
    answer: { address: `${publicUrl}/voice/answer`, method: 'GET' },
    event: { address: `${publicUrl}/voice/event`, method: 'POST' },
    fallback: { address: `${publicUrl}/voice/fallback`, method: 'GET' },
  };
}

/** Webhook URLs that point elsewhere. Missing ones do not count. */
export function foreignAddresses(present: VoiceWebhooks, wanted: VoiceWebhooks): string[] {
  return KINDS.flatMap((kind) => {
    const { [kind]: one } = present;
    return one === undefined || sameAddress(one, wanted[kind]) ? [] : [one.address];
  });
}

/** The hosts of foreign addresses, or the full addresses if a host is ours. */
export function placesOf(foreign: readonly string[], wanted: VoiceWebhooks): string[] {
  const originOf = (address: string) => URL.parse(address)?.origin ?? address;
  const ours = KINDS.map((kind) => originOf(wanted[kind]?.address ?? ''));
  const origins = foreign.map(originOf);
  return [...new Set(origins.some((one) => ours.includes(one)) ? foreign : origins)];
}

export function hasWebhooks(webhooks: VoiceWebhooks): boolean {
  return KINDS.some((kind) => webhooks[kind] !== undefined);
}

/** Whether both have the same webhooks, with the same methods. */
export function sameWebhooks(one: VoiceWebhooks, other: VoiceWebhooks): boolean {
  return KINDS.every(
    (kind) =>
      one[kind]?.method === other[kind]?.method &&
      (one[kind] === undefined || sameAddress(one[kind], other[kind])),
  );
}

function sameAddress(one: Webhook, other: Webhook | undefined): boolean {
  return other !== undefined && normal(one.address) === normal(other.address);
}

function normal(address: string): string {
  return URL.parse(address)?.href ?? address;
}
