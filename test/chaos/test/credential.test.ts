import { startEntra } from '@entra-redis/emulator';
import { tokenUrlOf } from '@entra-redis/conformance/driver-kit';
import type { Token } from '@entra-redis/token-manager';
import { expect, onTestFinished, test } from 'vitest';
import { Credential } from '../src/application/credential.ts';
import { type CredentialMode, plainCredential } from '../src/schedule/misleading.ts';

const lifetimeMs = 60_000;
const { signal } = new AbortController();

async function world(mode: Partial<CredentialMode>) {
  const entra = await startEntra({ lifetimeMs });
  onTestFinished(() => entra.close());
  const clock = { aheadMs: 0, now: () => Date.now() + clock.aheadMs };
  const credential = new Credential(clock);
  credential.mode = { ...plainCredential, ...mode };
  const provider = credential.from(tokenUrlOf(entra));
  const ask = (force = false): Promise<Token> => provider.requestToken({ signal, force });
  return { entra, clock, provider, ask };
}

test('a plain credential has another token each time', async () => {
  const { ask } = await world({});
  expect((await ask()).value).not.toBe((await ask()).value);
});

test('one that caches has the same until that expires by its clock, or a request passes the cache', async () => {
  const { ask, clock } = await world({ caches: true });
  const first = await ask();
  clock.aheadMs = lifetimeMs - 5000;
  expect((await ask()).value).toBe(first.value);
  const forced = await ask(true);
  expect(forced.value).not.toBe(first.value);
  clock.aheadMs = 2 * lifetimeMs + 5000;
  expect((await ask()).value).not.toBe(forced.value);
});

test('one that switches answers with two tokens in turn', async () => {
  const { ask } = await world({ switches: true });
  const values = [await ask(), await ask(), await ask(), await ask()].map(({ value }) => value);
  expect(new Set(values).size).toBe(2);
  expect(values[2]).toBe(values[0]);
  expect(values[3]).toBe(values[1]);
});

test.each([
  ['life', 3_600_000],
  ['instants', 0],
] as const)('one that states the %s is off by %i ms where the clock is an hour ahead', async (states, offMs) => {
  const { ask, clock } = await world({ states });
  clock.aheadMs = 3_600_000;
  const { expiresAt } = await ask();
  expect(Math.abs(expiresAt - Date.now() - lifetimeMs - offMs)).toBeLessThan(5000);
});

test('a silent one answers nothing until the request is given up', async () => {
  const { entra, provider } = await world({ silent: true });
  const giveUp = new AbortController();
  const asked = provider.requestToken({ signal: giveUp.signal, force: false });
  giveUp.abort(new Error('given up'));
  await expect(asked).rejects.toThrow('given up');
  expect(entra.requests).toEqual([]);
});
