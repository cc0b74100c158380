/** One action of an NCCO in short. */
export interface NccoStep {
  action: string;
  /** What of it matters most: the text that is spoken, who is called. */
  what: string;
  /** The rest, name by name. */
  options: [name: string, value: string][];
}

/** Where the most important part of each action is. */
const MAIN: Record<string, string> = {
  talk: 'text',
  stream: 'streamUrl',
  connect: 'endpoint',
  conversation: 'name',
  input: 'type',
  notify: 'payload',
  wait: 'timeout',
  transfer: 'conversationId',
  record: 'format',
};

/** The steps of an NCCO in a body: the body itself, or what a REST request brings along. Undefined where is none. */
export function nccoIn(text: string): NccoStep[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const ncco = [value, pick(value, 'ncco'), pick(pick(value, 'destination'), 'ncco')].find(isNcco);
  return ncco?.map(stepOf);
}

function isNcco(value: unknown): value is object[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((item) => typeof pick(item, 'action') === 'string')
  );
}

function stepOf(item: object): NccoStep {
  const fields = new Map<string, unknown>(Object.entries(item));
  const action = String(fields.get('action'));
  const main = MAIN[action];
  const rest = [...fields].filter(([name]) => name !== 'action' && name !== main);
  return {
    action,
    what: main === undefined ? '' : wordsOf(action, fields.get(main)),
    options: rest.map(([name, value]) => [name, textOf(value)]),
  };
}

function wordsOf(action: string, value: unknown): string {
  if (value === undefined) return '';
  if (action === 'connect' && Array.isArray(value)) return value.map(endpointOf).join(', ');
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  return textOf(value);
}

function endpointOf(endpoint: unknown): string {
  const who = ['user', 'number', 'uri', 'extension']
    .map((name) => pick(endpoint, name))
    .find((one) => one !== undefined);
  return `${textOf(pick(endpoint, 'type'))} ${textOf(who)}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function pick(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)).get(name) : undefined;
}
