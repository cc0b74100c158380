import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ROLES } from '../../domain/api/page-api.ts';
import { ACCESS } from '../people/access.ts';
import { COOKIE } from '../people/authenticate.ts';
import { OPERATIONS, type Operation } from './operations.ts';
import { apiError, responses } from './responses/responses.ts';

type Json = Readonly<Record<string, unknown>>;

/** What is read of a schema here. */
interface JsonSchema extends Json {
  properties?: Readonly<Record<string, Json>> | undefined;
  required?: readonly string[] | undefined;
}

/** The API in OpenAPI 3.1, made of the schemas by which requests are read and of those of the responses. */
export function openApi(): Json {
  const { version } = packageJson.parse(
    JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')),
  );
  return {
    openapi: '3.1.0',
    info: {
      title: 'Switchboard',
      version,
      license: { name: 'MIT', identifier: 'MIT' },
      description:
        'The requests of Switchboard’s pages, for other programs too. Times are milliseconds since 1970, phone numbers E.164 without `+`. Responses may get further fields.',
    },
    servers: [{ url: '/' }],
    paths: Object.fromEntries(
      Object.entries<Readonly<Record<string, Operation>>>(OPERATIONS).map(([path, methods]) => [
        path.replaceAll(/:(\w+)/g, '{$1}'),
        Object.fromEntries(
          Object.entries(methods).map(([method, operation]) => [method, described(path, method, operation)]),
        ),
      ]),
    ),
    components: {
      schemas: componentSchemas(),
      securitySchemes: {
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: COOKIE,
          description: 'Set by `POST /api/session`. With the emulator, nobody signs in.',
        },
      },
    },
  };
}

const packageJson = z.object({ version: z.string() });

function described(path: string, method: string, operation: Operation): Json {
  const allowed = rolesFor(path, method);
  const { summary, body, query, answer } = operation;
  return {
    operationId: operationId(path, method),
    summary,
    ...(allowed === 'anyone'
      ? { security: [] }
      : { description: `For the roles: ${allowed.join(', ')}.`, security: [{ session: [] }] }),
    parameters: [...pathParameters(path), ...(query ? queryParameters(query) : [])],
    ...(body && { requestBody: requestBody(body) }),
    responses: {
      [answer.status]: successOf(answer),
      ...('hasRanges' in answer && {
        206: { ...successOf(answer), description: 'The part that `Range` asks for.' },
        304: { description: 'The file has not changed. There is no body.' },
      }),
      default: {
        description: 'What went wrong, in words and as a code.',
        content: {
          'application/json': { schema: schemaOf(apiError) },
          ...(answer.status === 302 && { 'text/plain': { schema: { type: 'string' } } }),
        },
      },
    },
  };
}

function rolesFor(path: string, method: string): 'anyone' | readonly string[] {
  const table: Readonly<Record<string, Readonly<Record<string, 'anyone' | readonly string[]>>>> = ACCESS;
  return table[path]?.[method] ?? ROLES;
}

/** `GET /api/desk/calls/:id/control` is `getDeskCallsIdControl`. */
function operationId(path: string, method: string): string {
  const words = path.match(/\w+/g) ?? [];
  return [method, ...words.slice(1).map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join('');
}

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(query: z.ZodObject): Json[] {
  const { properties = {}, required = [] } = requestSchema(query);
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    ...(description !== undefined && { description }),
    schema,
  }));
}

function requestBody(body: NonNullable<Operation['body']>): Json {
  if (body === 'csv') {
    return { required: true, content: { 'text/csv': { schema: { type: 'string' } } } };
  }
  return {
    required: body.isOptional !== true,
    content: { 'application/json': { schema: requestSchema(body.schema) } },
  };
}

function successOf(answer: Operation['answer']): Json {
  if ('json' in answer) {
    return { description: 'Done.', content: { 'application/json': { schema: schemaOf(answer.json) } } };
  }
  if ('events' in answer) {
    return {
      description: `Server-sent events of the type \`${answer.events}\`. The schema is that of their data, which is JSON.`,
      content: { 'text/event-stream': { schema: schemaOf(answer.data) } },
    };
  }
  if ('file' in answer) {
    return { description: 'A file.', content: { [answer.file]: { schema: { type: 'string' } } } };
  }
  return { description: answer.status === 302 ? 'The browser goes on there.' : 'Done. There is no body.' };
}

const URI = '#/components/schemas/';

function componentSchemas(): Json {
  const { schemas } = z.toJSONSchema(responses, { ...OPTIONS, uri: (id) => `${URI}${id}` });
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, withoutIdentity(schema)]));
}

const OPTIONS = {
  unrepresentable: 'any',
  // Clients must allow for fields that are added.
  override({ jsonSchema }: { jsonSchema: { additionalProperties?: unknown; maximum?: number } }) {
    if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    // Says nothing but that it is a number of JavaScript.
    if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  },
} as const;

/** A reference, where a response has a name. */
function schemaOf(schema: z.ZodType): Json {
  const id = responses.get(schema)?.id;
  if (id !== undefined) return { $ref: `${URI}${id}` };
  if (schema instanceof z.ZodArray && schema.element instanceof z.ZodType) {
    return { type: 'array', items: schemaOf(schema.element) };
  }
  if (schema instanceof z.ZodUnion) {
    const options = schema.options.filter((option) => option instanceof z.ZodType);
    return { anyOf: options.map(schemaOf) };
  }
  return withoutIdentity(z.toJSONSchema(schema, OPTIONS));
}

/** What a client sends, before it is read. */
function requestSchema(schema: z.ZodType): JsonSchema {
  return withoutIdentity(z.toJSONSchema(schema, { ...OPTIONS, io: 'input' }));
}

function withoutIdentity({ $schema, $id, ...rest }: z.core.JSONSchema.BaseSchema): JsonSchema {
  return JSON.parse(JSON.stringify(rest));
}
