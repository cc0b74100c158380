/** The kind of failure, so that the caller can suggest what to do. */
type AccountTrouble = 'unreachable' | 'credentials' | 'missing' | 'busy' | 'refused';

/** A failed request to a Vonage account. The message contains no secret. */
export class AccountError extends Error {
  readonly kind: AccountTrouble;

  constructor(kind: AccountTrouble, message: string) {
    super(message);
    this.kind = kind;
  }
}

/**
 * The SDK's errors contain the request with the secret: only the status and Vonage's message may leave this
 * file.
 */
export async function accountError(error: unknown, host: string): Promise<AccountError> {
  const response = responseOf(error);
  if (response === undefined) {
    return isNetwork(error)
      ? new AccountError('unreachable', `${host} does not answer`)
      : new AccountError('refused', `${host} answers with what Vonage's API does not`);
  }
  const { status } = response;
  if (response.ok) return new AccountError('unreachable', `the answer of ${host} broke off`);
  const words = await wordsOf(response);
  const said = `${host} answered with ${status}${words === '' ? '' : `: ${words}`}`;
  if (status === 401 || status === 403) return new AccountError('credentials', said);
  if (status === 404) return new AccountError('missing', said);
  if (status === 429) return new AccountError('busy', said);
  return new AccountError(status >= 500 ? 'unreachable' : 'refused', said);
}

/** The response in an SDK error; undefined if there was none. */
export function responseOf(error: unknown): Response | undefined {
  if (typeof error !== 'object' || error === null || !('response' in error)) return undefined;
  return error.response instanceof Response ? error.response : undefined;
}

/** Whether fetch failed or timed out. */
function isNetwork(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return /^(AbortError|TimeoutError)$/.test(error.name) || error.message === 'fetch failed';
}

/** Vonage's error message, in the formats of its newer and oldest APIs; at most 300 characters. */
async function wordsOf(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => undefined);
  if (typeof body !== 'object' || body === null) return '';
  const said = ['detail', 'title', 'error-code-label']
    .map((name) => Reflect.get(body, name))
    .find((value) => typeof value === 'string');
  const invalid: unknown = Reflect.get(body, 'invalid_parameters');
  const parameters = (Array.isArray(invalid) ? invalid : [])
    .filter((one) => typeof one === 'object' && one !== null)
    .map((one) => `${Reflect.get(one, 'name')} ${Reflect.get(one, 'reason')}`);
  const text = [said, ...parameters].filter((one) => one !== undefined).join('; ');
  // Printed to a terminal: remove control characters and limit the length.
  return text
    .replace(/\p{Cc}+/gu, ' ')
    .slice(0, 300)
    .trim()
    .replace(/\.$/, '');
}
