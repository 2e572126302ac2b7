import { execFile } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { fileURLToPath } from 'node:url';
import { inspect, promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { withEntra } from '../src/index.ts';
import { addressOf, cacheFor, closedAtEnd, eventOf, Identity, versions } from './support/world.ts';

const everything = { depth: Infinity, showHidden: true } as const;

/** The parts of a text that are a token, or a part of one. */
function secretsIn(text: string, identity: Identity): string[] {
  return identity.tokens
    .flatMap(({ value }) => value.split('.'))
    .filter((part) => part.length > 8 && text.includes(part));
}

describe.each(versions)('$version', ({ module: { Redis } }) => {
  test('reauth/no-leak: inspect and JSON of a client, of its duplicates and of its options', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, addressOf(cache))));
    const duplicate = closedAtEnd(redis.duplicate());
    await Promise.all([redis.ping(), duplicate.ping()]);
    await identity.renewFor(2);
    const text = [redis, duplicate]
      .map((client) => inspect(client, everything) + JSON.stringify(client.options))
      .join();
    expect(text).toContain('<entra token>');
    expect(secretsIn(text, identity)).toEqual([]);
  });

  test('reauth/no-leak: errors, their causes and command.args, of refused logins and of a refused AUTH', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const refusal = { kind: 'error', message: 'WRONGPASS invalid username-password pair' } as const;
    cache.fault({ match: ['AUTH', 'HELLO'], times: 2, action: refusal });
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, addressOf(cache, { retryStrategy: () => 1 }))));
    const seen: unknown[] = [];
    redis.on('error', (error) => seen.push(error));
    identity.manager.subscribe((event) => event.type === 'token' || seen.push(event));
    seen.push(await redis.get('a').catch((error: unknown) => error));
    await eventOf(redis, 'ready');
    cache.fault({ match: 'AUTH', times: 2, action: refusal });
    await identity.renewFor(1);
    expect(seen.length).toBeGreaterThanOrEqual(3);
    const text = inspect(seen, everything) + JSON.stringify(seen);
    expect(text).toContain('WRONGPASS');
    expect(secretsIn(text, identity)).toEqual([]);
  });

  test('reauth/no-leak: a server that quotes the beginning of the arguments of AUTH', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const { password } = await identity.manager.credentials();
    for (const name of ['AUTH', 'HELLO']) {
      const message = `ERR unknown command '${name}', with args beginning with: 'me' '${password.slice(0, 60)}`;
      cache.fault({ match: name, times: 3, action: { kind: 'error', message } });
    }
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, addressOf(cache, { retryStrategy: () => 1 }))));
    const seen: unknown[] = [];
    redis.on('error', (error) => seen.push(error));
    identity.manager.subscribe((event) => event.type === 'token' || seen.push(event));
    seen.push(await redis.get('a').catch((error: unknown) => error));
    const text = inspect(seen, everything) + JSON.stringify(seen);
    expect(text).toContain('unknown command');
    expect(text).not.toContain(password.slice(0, 20));
    expect(secretsIn(text, identity)).toEqual([]);
  });

  test('reauth/no-leak: what a lost connection leaves in the queues of ioredis', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const redis = closedAtEnd(
      new Redis(withEntra(identity.manager, addressOf(cache, { autoResendUnfulfilledCommands: false }))),
    );
    await redis.ping();
    cache.fault({ match: 'AUTH', action: { kind: 'hang' } });
    void identity.renewFor(1);
    const sent = new Promise<void>((resolve) => {
      const { manager } = identity;
      manager.subscribe(({ type }) => type === 'token' && setImmediate(resolve));
    });
    await sent;
    expect(secretsIn(inspect(redis, everything), identity)).toEqual([]);
  });

  test('reauth/no-leak: diagnostics channels of ioredis and of the manager', async () => {
    const names = ['command', 'connect', 'batch'].flatMap((name) =>
      ['start', 'end', 'asyncStart', 'asyncEnd', 'error'].map((phase) => `tracing:ioredis:${name}:${phase}`),
    );
    const messages: unknown[] = [];
    const collect = (message: unknown): void => void messages.push(message);
    for (const name of names) subscribe(name, collect);
    onTestFinished(() => names.forEach((name) => void unsubscribe(name, collect)));
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, addressOf(cache))));
    await redis.ping();
    await identity.renewFor(1);
    expect(secretsIn(inspect(messages, everything), identity)).toEqual([]);
  });
});

test('reauth/no-leak: DEBUG=ioredis:*, console output and an unhandled rejection, in a process of its own', async () => {
  const script = fileURLToPath(new URL('no-leak.child.ts', import.meta.url));
  const env = { ...process.env, DEBUG: 'ioredis:*', NODE_OPTIONS: '' };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [script], { env });
  expect(stderr).toContain('ioredis:redis write command');
  expect(stderr).toContain('<entra token>');
  expect(stdout).toContain('unhandled');
  expect(stdout + stderr).not.toContain('SECRET');
});
