import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { agreeableVonage, forgetfulLog, testApp } from '../testing.ts';

describe('health', () => {
  it('is ok while the process answers', async () => {
    const { app } = testApp({}, { vonage: { ...agreeableVonage, isReachable: async () => false } });
    expect((await request(app).get('/healthz').expect(200)).body).toEqual({ status: 'ok' });
  });

  it('is ready when the platform can be reached', async () => {
    const response = await request(testApp().app).get('/readyz').expect(200);
    expect(response.body).toEqual({ status: 'ready', platform: 'reachable', store: 'works' });
  });

  it('is not ready without the platform, and many probes check it once', async () => {
    let asked = 0;
    const isReachable = async () => {
      asked += 1;
      return false;
    };
    const { app } = testApp({}, { vonage: { ...agreeableVonage, isReachable } });
    for (let probe = 0; probe < 3; probe++) {
      const response = await request(app).get('/readyz').expect(503);
      expect(response.body).toEqual({ status: 'not ready', platform: 'unreachable', store: 'works' });
    }
    expect(asked).toBe(1);
  });

  it('is not ready but still ok once it starts to stop', async () => {
    const stopping = new AbortController();
    const { app } = testApp({}, { stopping: stopping.signal });
    await request(app).get('/readyz').expect(200);
    stopping.abort();
    expect((await request(app).get('/readyz').expect(503)).body).toEqual({ status: 'stopping' });
    await request(app).get('/healthz').expect(200);
  });

  it('takes requests without the platform and the store, until it starts to stop', async () => {
    const stopping = new AbortController();
    const { app } = testApp(
      {},
      {
        stopping: stopping.signal,
        vonage: { ...agreeableVonage, isReachable: async () => false },
        log: { ...forgetfulLog, check: () => Promise.reject(new Error('away')) },
      },
    );
    await request(app).get('/readyz').expect(503);
    expect((await request(app).get('/readyz/server').expect(200)).body).toEqual({ status: 'ready' });
    stopping.abort();
    expect((await request(app).get('/readyz/server').expect(503)).body).toEqual({ status: 'stopping' });
  });
});
