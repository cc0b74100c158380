import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { SessionState } from '../../domain/api/page-api.ts';
import { ApiCallError } from './request.ts';
import { createSessionController, type SessionController } from './session-controller.ts';

const alice: SessionState = {
  agent: 'Alice',
  roles: ['agent', 'supervisor', 'developer'],
  agents: ['Alice'],
  routing: 'direct',
  signIn: 'code',
  number: '442038297050',
  phoneUrl: null,
};
const nobody: SessionState = { ...alice, agent: null, roles: [], agents: [] };
const bob: SessionState = { ...alice, agent: 'Bob', roles: ['agent'] };

const api = {
  session: vi.fn(async () => alice),
  signIn: vi.fn(async () => alice),
  signOut: vi.fn(async () => {}),
};
let keeper: SessionController;

beforeEach(() => {
  vi.useFakeTimers();
  vi.resetAllMocks();
  api.session.mockResolvedValue(alice);
  api.signIn.mockResolvedValue(alice);
});

afterEach(() => {
  keeper.close();
  vi.useRealTimers();
});

it('knows whether there is an identity provider before anybody is signed in', async () => {
  await start();
  expect(keeper.hasOpenId.value).toBe(false);
  keeper.close();
  api.session.mockResolvedValue({ ...nobody, openId: true });
  await start();
  expect([keeper.stage.value.name, keeper.hasOpenId.value]).toEqual(['signed-out', true]);
});

async function start(): Promise<void> {
  keeper = createSessionController(api, 'developer');
  await vi.advanceTimersByTimeAsync(0);
}

it('is signed in if the server says so', async () => {
  keeper = createSessionController(api, 'developer');
  expect(keeper.stage.value).toEqual({ name: 'loading' });
  await vi.advanceTimersByTimeAsync(0);
  expect(keeper.stage.value).toEqual({ name: 'signed-in', session: alice });
});

it('retries on its own while the server does not respond', async () => {
  api.session.mockRejectedValueOnce(new ApiCallError('unreachable', 'No.'));
  await start();
  expect(keeper.stage.value).toEqual({ name: 'unreachable' });
  await vi.advanceTimersByTimeAsync(3_000);
  expect(keeper.stage.value.name).toBe('signed-in');
});

it('stops asking after it is closed', async () => {
  api.session.mockRejectedValue(new ApiCallError('unreachable', 'No.'));
  await start();
  keeper.close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(api.session).toHaveBeenCalledOnce();
});

it('signs in', async () => {
  api.session.mockResolvedValue(nobody);
  await start();
  expect(keeper.stage.value).toEqual({ name: 'signed-out', problem: null });
  keeper.signIn({ agent: 'Alice', code: 'x' });
  expect(keeper.stage.value).toEqual({ name: 'signing-in' });
  await vi.advanceTimersByTimeAsync(0);
  expect(keeper.stage.value.name).toBe('signed-in');
});

it.each([
  ['wrong-code', 'wrong-code'],
  ['too-many-tries', 'too-many-tries'],
  ['internal', 'unreachable'],
] as const)('says that signing in failed: %s', async (failure, problem) => {
  api.session.mockResolvedValue(nobody);
  api.signIn.mockRejectedValue(new ApiCallError(failure, 'No.'));
  await start();
  keeper.signIn({ agent: 'Alice', code: 'x' });
  await vi.advanceTimersByTimeAsync(0);
  expect(keeper.stage.value).toEqual({ name: 'signed-out', problem });
});

it('notices that the sign-in ended elsewhere, and keeps the reason on the next check', async () => {
  await start();
  api.session.mockResolvedValue(nobody);
  keeper.check();
  await vi.advanceTimersByTimeAsync(0);
  keeper.check();
  await vi.advanceTimersByTimeAsync(0);
  expect(keeper.stage.value).toEqual({ name: 'signed-out', problem: 'signed-out-elsewhere' });
});

it('does not mistake an unresponsive server for a sign-out', async () => {
  await start();
  api.session.mockRejectedValue(new ApiCallError('unreachable', 'No.'));
  keeper.check();
  await vi.advanceTimersByTimeAsync(0);
  expect(keeper.stage.value.name).toBe('signed-in');
});

it('signs out', async () => {
  await start();
  keeper.signOut();
  await vi.advanceTimersByTimeAsync(0);
  expect(keeper.stage.value).toEqual({ name: 'signed-out', problem: null });
});

it('stays signed in if the sign-out did not reach the server', async () => {
  await start();
  api.signOut.mockRejectedValue(new ApiCallError('unreachable', 'No.'));
  keeper.signOut();
  await vi.advanceTimersByTimeAsync(0);
  expect(keeper.stage.value.name).toBe('signed-in');
});

it('is closed to those who lack the role of the page, until they get it', async () => {
  api.session.mockResolvedValue(bob);
  await start();
  expect(keeper.stage.value).toEqual({ name: 'role-missing', session: bob });
  api.session.mockResolvedValue({ ...bob, roles: ['agent', 'developer'] });
  keeper.check();
  await vi.advanceTimersByTimeAsync(0);
  expect(keeper.stage.value.name).toBe('signed-in');
});
