import { Validator } from '@seriousme/openapi-schema-validator';
import request from 'supertest';
import { expect, it } from 'vitest';
import { testApp } from '../testing.ts';

it('the description of the API is valid OpenAPI 3.1, and is served', async () => {
  const { app } = testApp();
  const { body } = await request(app).get('/api/openapi.json').expect(200);
  const validator = new Validator();
  expect(await validator.validate(body)).toEqual({ valid: true });
  expect(validator.version).toBe('3.1');
});

it('the description gives requests and responses that have a form', async () => {
  const { app } = testApp();
  const { body } = await request(app).get('/api/openapi.json').expect(200);
  expect(body.paths['/api/calls'].get).toMatchObject({
    operationId: 'getCalls',
    description: 'For the roles: agent, supervisor, developer.',
    parameters: expect.arrayContaining([
      {
        name: 'limit',
        in: 'query',
        required: false,
        description: expect.any(String),
        schema: expect.anything(),
      },
    ]),
    responses: {
      200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/CallPage' } } } },
      default: { content: { 'application/json': { schema: { $ref: '#/components/schemas/ApiError' } } } },
    },
  });
  expect(
    body.paths['/api/desk/calls/{id}/control'].post.requestBody.content['application/json'].schema,
  ).toMatchObject({
    oneOf: expect.arrayContaining([expect.objectContaining({ required: ['action', 'to'] })]),
  });
});
