import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { openApi } from '../../server/api/openapi.ts';

/** A response of a server, as it went out. */
export interface SentResponse {
  method: string;
  /** The path and query of the request. */
  url: string;
  status: number;
  type: string;
  body: string;
}

type Json = Readonly<Record<string, unknown>>;

/** Tells what is wrong with a response of the API according to its description; undefined: nothing, or not of the API. */
export function createResponseCheck(): (response: SentResponse) => string | undefined {
  const description = closed(openApi());
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajv.addSchema(description, 'api');
  const validators = new Map<string, ValidateFunction>();
  const paths = Object.entries(at(description, 'paths')).map(([path, methods]) => ({
    path,
    // A path with fewer parameters comes first.
    parameters: path.split('{').length,
    pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+').replaceAll('.', '\\.')}$`),
    methods,
  }));
  paths.sort((a, b) => a.parameters - b.parameters);

  function validatorOf(pointer: string): ValidateFunction {
    const known = validators.get(pointer) ?? ajv.compile({ $ref: `api#${pointer}` });
    validators.set(pointer, known);
    return known;
  }

  return ({ method, url, status, type, body }) => {
    const [target = ''] = url.split('?', 1);
    const found = paths.find(({ pattern }) => pattern.test(target));
    const name = method === 'HEAD' ? 'get' : method.toLowerCase();
    const said = `${method} ${url} → ${status}`;
    if (found === undefined || !(name in Object(found.methods))) {
      return status >= 400 ? undefined : `${said}: is not in the description of the API.`;
    }
    const answers = at(found.methods, name, 'responses');
    const key = status >= 400 ? 'default' : String(status);
    if (!(key in answers)) return `${said}: this status is not in the description of the API.`;
    const content = Object(answers[key]).content;
    if (content === undefined) return body === '' ? undefined : `${said}: there should be no body.`;
    const types = Object.keys(content);
    const [expected = ''] = types.filter((each) => type.startsWith(each));
    if (expected === '') return `${said}: is ${type || 'of no type'}, not ${types.join(' or ')}.`;
    if (method === 'HEAD' || !/json|event-stream/.test(expected)) return undefined;
    const path = ['paths', found.path, name, 'responses', key, 'content', expected, 'schema'];
    const isValid = validatorOf(path.map((part) => `/${pointerPart(part)}`).join(''));
    for (const data of type.startsWith('text/event-stream') ? eventData(body) : [body]) {
      if (isValid(JSON.parse(data))) continue;
      const errors = (isValid.errors ?? []).map(
        ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
      );
      return `${said}:\n  ${errors.slice(0, 10).join('\n  ')}\n${data.slice(0, 2_000)}`;
    }
    return undefined;
  };
}

/** The data of whole server-sent events. Those without data of their own say nothing. */
function eventData(text: string): string[] {
  return text
    .split('\n\n')
    .slice(0, -1)
    .flatMap((event) => {
      const lines = event.split('\n');
      const data = lines.flatMap((line) => /^data:\s?(.*)$/.exec(line)?.[1] ?? []).join('\n');
      const isKnown = lines.some((line) => /^event:\s?(entry|desk|wall)$/.test(line));
      return isKnown && data !== '' ? [data] : [];
    });
}

/** As the description says it, but without fields that it does not name, so that none is forgotten there. */
function closed(value: Json): Json {
  const clone: unknown = JSON.parse(JSON.stringify(value), (_key, inner) =>
    typeof inner === 'object' &&
    inner !== null &&
    inner.type === 'object' &&
    'properties' in inner &&
    !('additionalProperties' in inner)
      ? { ...inner, additionalProperties: false }
      : inner,
  );
  return Object(clone);
}

function at(value: unknown, ...path: readonly string[]): Json {
  return path.reduce<Json>((inner, part) => Object(inner[part]), Object(value));
}

function pointerPart(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}
