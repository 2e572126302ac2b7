import { startRedisServer } from '@entra-redis/redis-server';
import { afterEach, expect, test } from 'vitest';
import { startGate } from '../../src/gate/start-gate.ts';
import type { GateOptions } from '../../src/types.ts';
import { passwords, plain, RawClient } from '../cache/helpers.ts';
import { WRONGPASS } from './setup.ts';

const started: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of started.splice(0).toReversed()) await one[Symbol.asyncDispose]();
});

async function guarded(args: readonly string[], login: { username?: string; password?: string }): Promise<RawClient> {
  const redis = await startRedisServer({ args });
  started.push(redis);
  const upstream: GateOptions['upstream'] = { host: redis.host, port: redis.port, ...login };
  const gate = await startGate({ verifier: passwords, upstream });
  started.push(gate);
  return new RawClient(gate.port);
}

test.each([
  ['of the default user', ['--requirepass', 'top secret'], { password: 'top secret' }],
  [
    'of another user',
    '--user gate on >pw ~* &* +@all --user default off'.split(' '),
    { username: 'gate', password: 'pw' },
  ],
])('the gate logs in upstream with the password %s', async (_of, args, login) => {
  const client = await guarded(args, login);
  expect(plain(await client.call('GET', 'a'))).toMatch(/^-NOAUTH/);
  expect(plain(await client.call('AUTH', 'oid', login.password))).toBe(WRONGPASS);
  expect(plain(await client.call('AUTH', 'oid', 'secret'))).toBe('+OK');
  expect(plain(await client.call('SET', 'a', '1'))).toBe('+OK');
  expect(plain(await client.call('RESET'))).toBe('+RESET');
  expect(plain(await client.call('GET', 'a'))).toMatch(/^-NOAUTH/);
  expect(plain(await client.call('HELLO', '3', 'AUTH', 'oid', 'secret'))).toBeInstanceOf(Map);
  expect(plain(await client.call('GET', 'a'))).toBe('1');
  client.close();
});

test.each([
  ['a wrong password', { password: 'other' }, /reached no usable Redis at .*WRONGPASS/],
  ['no password', {}, /reached no usable Redis at .*NOAUTH/],
])('says so at the start when the upstream refuses %s, and never shows it', async (_what, login, message) => {
  const failure: unknown = await guarded(['--requirepass', 'top secret'], login).catch((error: unknown) => error);
  expect(String(failure)).toMatch(message);
  expect(String(failure)).not.toMatch(/other|top secret/);
});

test('a user name without a password is a mistake', async () => {
  const upstream = { host: '127.0.0.1', port: 1, username: 'gate' };
  await expect(startGate({ verifier: passwords, upstream })).rejects.toThrow(/upstream\.username needs .*password/);
});
