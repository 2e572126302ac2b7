import { startRedisServer } from '@entra-redis/redis-server';
import { afterEach, describe, expect, test } from 'vitest';
import { startCache, startGate } from '../../src/index.ts';
import type { AccessPolicies, Endpoint } from '../../src/types.ts';
import { passwords, plain, RawClient } from '../cache/helpers.ts';
import { WRONGPASS } from '../gate/setup.ts';

const started: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of started.splice(0).toReversed()) await one[Symbol.asyncDispose]();
});

async function cache(accessPolicies: AccessPolicies): Promise<Endpoint> {
  const made = await startCache({ verifier: passwords, accessPolicies });
  started.push(made);
  return made;
}

async function gate(accessPolicies: AccessPolicies): Promise<Endpoint> {
  const upstream = await startRedisServer();
  started.push(upstream);
  const made = await startGate({ verifier: passwords, upstream, accessPolicies });
  started.push(made);
  return made;
}

const denied = (name: string): string => `-NOPERM this user has no permissions to run the '${name}' command`;

describe.each([
  ['cache', cache],
  ['gate', gate],
])('data access policies of a %s', (_name, start) => {
  test('a valid token of an identity without a policy is refused, and the timeline says why', async () => {
    const endpoint = await start({ owner: 'owner' });
    const client = new RawClient(endpoint.port);
    expect(plain(await client.call('AUTH', 'stranger', 'secret'))).toBe(WRONGPASS);
    expect(plain(await client.call('HELLO', '3', 'AUTH', 'toString', 'secret'))).toBe(WRONGPASS);
    const refused = endpoint.timeline.entries.find(({ event }) => event === 'refused');
    expect(refused?.text).toBe('no data access policy is assigned to object id stranger');
    expect(plain(await client.call('AUTH', 'owner', 'secret'))).toBe('+OK');
    expect(plain(await client.call('SET', 'a', '1'))).toBe('+OK');
    client.close();
  });

  test('a reader reads, and is answered NOPERM to writes, which spoil its transaction', async () => {
    const { port } = await start((objectId) => (objectId === 'reads' ? 'reader' : 'owner'));
    const client = new RawClient(port);
    await client.call('AUTH', 'reads', 'secret');
    expect(plain(await client.call('GET', 'a'))).toBe(null);
    expect(plain(await client.call('set', 'a', '1'))).toBe(denied('set'));
    expect(plain(await client.call('CLIENT', 'SETNAME', 'me'))).toBe('+OK');
    expect(plain(await client.call('MULTI'))).toBe('+OK');
    expect(plain(await client.call('GET', 'a'))).toBe('+QUEUED');
    expect(plain(await client.call('DEL', 'a'))).toBe(denied('del'));
    expect(plain(await client.call('EXEC'))).toMatch(/^-EXECABORT/);
    client.close();
  });

  test('another login changes what the commands right behind it may do', async () => {
    const { port } = await start({ reads: 'reader', writes: 'owner' });
    const client = new RawClient(port);
    const answers = await Promise.all([
      client.call('AUTH', 'writes', 'secret'),
      client.call('SET', 'a', '1'),
      client.call('AUTH', 'reads', 'secret'),
      client.call('SET', 'a', '2'),
      client.call('AUTH', 'writes', 'secret'),
      client.call('GET', 'a'),
      client.call('SET', 'a', '3'),
    ]);
    expect(answers.map(plain)).toEqual(['+OK', '+OK', '+OK', denied('set'), '+OK', '1', '+OK']);
    client.close();
  });

  test('a policy that is none is a mistake', async () => {
    await expect(start({ someone: 'writer' as 'owner' })).rejects.toThrow(
      /accessPolicies\['someone'\] must be 'owner' or 'reader': writer/,
    );
  });
});
