import { describe, expect, it } from 'vitest';
import { createApi } from './api.ts';

function apiThatAnswers(status: number, body: unknown = {}) {
  const asked: string[] = [];
  const api = createApi('http://localhost/requests', async (input, init) => {
    asked.push(`${init?.method} ${input}`);
    return typeof body === 'string' ? new Response(body, { status }) : Response.json(body, { status });
  });
  return { api, asked };
}

describe('a request to the platform', () => {
  it('gets a page of the list', async () => {
    const list = { epoch: 'a', revision: 1, total: 0, requests: [], next: null };
    const { api, asked } = apiThatAnswers(200, list);
    expect(await api.list({})).toEqual(list);
    await api.list({ before: 12, text: 'a&b' });
    expect(asked).toEqual([
      'GET http://localhost/requests?limit=500',
      'GET http://localhost/requests?limit=500&before=12&text=a%26b',
    ]);
  });

  it('gets one entry, which may be gone', async () => {
    const { api, asked } = apiThatAnswers(200, { id: 3 });
    expect(await api.entry(3)).toEqual({ id: 3 });
    expect(asked).toEqual(['GET http://localhost/requests/3']);
    expect(await apiThatAnswers(404).api.entry(3)).toBeUndefined();
  });

  it('sends again and clears', async () => {
    const { api, asked } = apiThatAnswers(200, { id: 4 });
    expect(await api.resend(3)).toEqual({ id: 4 });
    await api.clear();
    expect(asked).toEqual(['POST http://localhost/requests/3/resend', 'DELETE http://localhost/requests']);
  });

  it('fails with the platform’s own message', async () => {
    await expect(apiThatAnswers(409, { error: 'Only webhooks.' }).api.resend(1)).rejects.toThrow(
      'Only webhooks.',
    );
    await expect(apiThatAnswers(404, { error: 'It is forgotten.' }).api.resend(1)).rejects.toThrow(
      'It is forgotten.',
    );
    await expect(apiThatAnswers(502, 'Bad gateway').api.list({})).rejects.toThrow('HTTP 502');
  });
});
