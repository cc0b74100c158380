import request from 'supertest';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createApp } from '../app.ts';
import { createHttpServer, usualLimits } from '../http/http-server.ts';
import type { Store } from '../store/store.ts';
import { realMode } from '../testing.ts';
import { served, signedIn, tellEvent } from './testing.ts';

const number = '447700900000';

/** Every test creates its own files, which takes time on a busy machine. */
const patient = { timeout: 30_000 };

describe('a contact', patient, () => {
  it('is written, shown with its notes and calls, listed and deleted', async () => {
    const { url } = await served();
    await tellEvent(url, 'started');
    await tellEvent(url, 'completed');
    await request(url).get(`/api/contacts/${number}`).expect(404);
    const fields = { name: ' Ada ', company: '', link: 'https://crm.example/ada' };
    const saved = await request(url).put(`/api/contacts/%2B${number}`).send(fields).expect(200);
    expect(saved.body).toMatchObject({ number, name: 'Ada', company: null, changedBy: 'Alice' });
    const text = `<script>alert(1)</script> 👩‍🚀 ${'x'.repeat(9_900)}`;
    const note = await request(url).post(`/api/contacts/${number}/notes`).send({ text, call: 'leg-1' });
    expect(note).toMatchObject({ status: 201, body: { text, by: 'Alice', call: 'leg-1' } });
    const shown = await request(url).get(`/api/contacts/${number}`).expect(200);
    expect(shown.body).toMatchObject({
      contact: saved.body,
      notes: [note.body],
      calls: [{ call: 'CON-1', number, outcome: 'caller-hung-up', contact: { name: 'Ada' } }],
    });
    const list = await request(url).get('/api/contacts?search=ada').expect(200);
    expect(list.body).toEqual({ contacts: [saved.body], next: null });

    const erased = await request(url).delete(`/api/contacts/${number}`).expect(200);
    expect(erased.body).toEqual({
      deleted: { contact: true, notes: 1, calls: 0, voicemails: 0, live: 0 },
      kept: { calls: 1, voicemails: 0, live: 0 },
    });
    await request(url).get(`/api/contacts/${number}`).expect(404);
  });

  it('with a mistake in it is refused in words', async () => {
    const { url } = await served();
    const address = `/api/contacts/${number}`;
    for (const [body, words] of [
      [{ name: 'x'.repeat(201) }, 'name: must have at most 200 characters.'],
      [{ link: 'javascript:alert(1)' }, 'link: must be an address'],
      [[], 'The body: '],
    ] as const) {
      const answer = await request(url).put(address).send(body).expect(400);
      expect(answer.body.error).toContain(words);
    }
    for (const [body, status, words] of [
      [{ text: 'x'.repeat(10_001) }, 400, 'text: must have at most 10000 characters.'],
      [{ text: ' \n' }, 400, 'text: must not be empty.'],
      [{ text: 'x', agent: 'Mallory' }, 404, 'No agent has this name.'],
    ] as const) {
      const answer = await request(url).post(`${address}/notes`).send(body).expect(status);
      expect(answer.body.error).toContain(words);
    }
  });

  it('has a number in E.164', async () => {
    const { url } = await served();
    for (const wrong of ['anonymous', '12', '1'.repeat(16), '%00']) {
      await request(url).put(`/api/contacts/${wrong}`).send({}).expect(400);
    }
  });
});

describe('the card of a caller', patient, () => {
  it('has the number as the reader writes it, the contact, the last note and the last calls', async () => {
    const { url } = await served({ CONTACT_LINK: 'https://crm.example/?phone={number}&x=1' });
    await tellEvent(url, 'started');
    await tellEvent(url, 'completed');
    const card = await request(url).get(`/api/callers/${number}?language=es`).expect(200);
    expect(card.body).toEqual({
      number,
      formatted: '+44 7700 900000',
      country: 'GB',
      countryName: 'Reino Unido',
      contact: null,
      link: 'https://crm.example/?phone=%2B447700900000&x=1',
      lastNote: null,
      lastCalls: [expect.objectContaining({ call: 'CON-1', outcome: 'caller-hung-up' })],
    });
    const english = await request(url).get(`/api/callers/${number}`).set('Accept-Language', 'en-GB');
    expect(english.body.countryName).toBe('United Kingdom');
    await request(url).get(`/api/callers/${number}?language=%00`).expect(200);
  });

  it('of a withheld number shows what there is', async () => {
    const { url } = await served({ CONTACT_LINK: 'https://crm.example/?phone={number}' });
    const card = await request(url).get('/api/callers/anonymous').expect(200);
    expect(card.body).toMatchObject({ formatted: 'anonymous', country: null, link: null, lastCalls: [] });
  });
});

describe('a file of contacts', patient, () => {
  it('is previewed, imported and exported', async () => {
    const { url } = await served();
    const file = 'phone;nombre\n07700 900000;Peña\n';
    const send = (query: string) =>
      request(url).post(`/api/contacts/import${query}`).set('Content-Type', 'text/csv').send(file);
    expect((await send('?preview=yes').expect(200)).body).toMatchObject({ preview: true, added: 1 });
    expect((await request(url).get('/api/contacts')).body.contacts).toEqual([]);
    expect((await send('').expect(200)).body).toMatchObject({ preview: false, added: 1 });
    expect((await send('').expect(200)).body).toMatchObject({ added: 0, same: 1 });
    const exported = await request(url).get('/api/contacts/export').expect(200);
    expect(exported.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(exported.text).toBe('\ufeffnumber,name,company,link,notes\r\n+447700900000,Peña,,,\r\n');
    await send('?preview=perhaps').expect(400);
    await request(url).post('/api/contacts/import').expect(400);
  });

  it('of more than 32 MB is refused', async () => {
    const { url } = await served();
    const body = Buffer.alloc(32 * 1024 * 1024 + 1, 'x');
    const answer = await fetch(`${url}/api/contacts/import`, { method: 'POST', body }).catch(() => undefined);
    // A client that is still sending may see the closed connection first.
    expect(answer?.status ?? 413).toBe(413);
    await request(url).get('/healthz').expect(200);
  });
});

it(
  'an import that takes longer than a silent connection is kept is answered all the same',
  patient,
  async () => {
    const { context, store } = await served();
    const slow: Store = {
      ...store,
      write: async (work) => {
        await new Promise((done) => setTimeout(done, 1_000));
        return store.write(work);
      },
    };
    const { server, close } = createHttpServer({ ...usualLimits, silenceTimeout: 200 });
    server.on('request', createApp({ ...context, store: slow }));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    onTestFinished(() => close(0));
    const { body } = await request(server)
      .post('/api/contacts/import')
      .send('number\n+447700900001')
      .expect(200);
    expect(body).toMatchObject({ added: 1 });
  },
);

describe('of those who sign in', patient, () => {
  it('everyone reads and writes contacts, and only supervisors import, export and delete everything', async () => {
    const { url } = await served(realMode);
    const [alice, bob] = [
      await signedIn(url, 'Alice', 'open sesame'),
      await signedIn(url, 'Bob', 'correct horse'),
    ];
    await request(url).get('/api/contacts').expect(401);
    await request(url).get(`/api/callers/${number}`).expect(401);
    await request(url).put(`/api/contacts/${number}`).send({ name: 'Ada' }).expect(401);
    const saved = await request(url)
      .put(`/api/contacts/${number}`)
      .set('Cookie', bob)
      .send({ name: 'Ada' })
      .expect(200);
    expect(saved.body.changedBy).toBe('Bob');
    await request(url)
      .put(`/api/contacts/${number}`)
      .set('Cookie', bob)
      .send({ name: 'Ada', agent: 'Alice' })
      .expect(403);
    await request(url)
      .put(`/api/contacts/${number}`)
      .set('Cookie', bob)
      .set('Sec-Fetch-Site', 'cross-site')
      .send({ name: 'Eve' })
      .expect(403);
    await request(url).post('/api/contacts/import').set('Cookie', bob).send('x').expect(403);
    await request(url).get('/api/contacts/export').set('Cookie', bob).expect(403);
    await request(url).delete(`/api/contacts/${number}?everything=yes`).set('Cookie', bob).expect(403);
    await request(url).get('/api/contacts/export').set('Cookie', alice).expect(200);
    await request(url).delete(`/api/contacts/${number}?everything=yes`).set('Cookie', alice).expect(200);
  });
});
