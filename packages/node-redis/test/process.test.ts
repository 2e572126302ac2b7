import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { until } from '@entra-redis/test-support';
import { expect, onTestFinished, test } from 'vitest';
import { World } from './support/world.ts';

const packageRoot = fileURLToPath(new URL('..', import.meta.url));

const script = (load: string, port: number): string => `
  ${load}
  const manager = createTokenManager(
    { requestToken: async () => ({ value: process.env.TOKEN, obtainedAt: Date.now(), expiresAt: Date.now() + 3600000 }) },
    { username: process.env.OBJECT_ID },
  );
  const client = createClient({
    socket: { host: '127.0.0.1', port: ${port} },
    credentialsProvider: entraCredentials(manager),
  });
  client.connect().then(() => client.ping()).then(async (reply) => {
    console.log(reply, typeof withEntra);
    await client.close();
  });
`;

/** Closes its subscriber when it is told to, by the end of its input. */
const handOverScript = (port: number): string => `
  import { createTokenManager } from '@entra-redis/token-manager';
  import { entraCredentials, handOver } from '@entra-redis/node-redis';
  import { createClient } from 'redis';
  const manager = createTokenManager(
    { requestToken: async () => ({ value: process.env.TOKEN, obtainedAt: Date.now(), expiresAt: Date.now() + 3600000 }) },
    { username: process.env.OBJECT_ID },
  );
  const subscriber = createClient({
    RESP: 2,
    socket: { host: '127.0.0.1', port: ${port} },
    credentialsProvider: entraCredentials(manager),
  });
  await subscriber.connect();
  await subscriber.subscribe('news', () => undefined);
  process.stdin.resume().once('end', () => subscriber.destroy());
  await handOver(subscriber);
  console.log('handed over');
`;

type Run = Promise<{ code: number; out: string }>;

async function run(flag: string, source: string, env: Record<string, string>, last = Promise.resolve()): Run {
  const child = spawn(process.execPath, [flag, '-e', source], { cwd: packageRoot, env: { ...process.env, ...env } });
  onTestFinished(() => void child.kill());
  void last.then(() => child.stdin.end());
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (out += chunk.toString()));
  const code = await new Promise<number>((resolve) => child.once('close', resolve));
  return { code, out: out.trim() };
}

test.each([
  [
    'import',
    '--input-type=module',
    `import { createTokenManager } from '@entra-redis/token-manager';
     import { entraCredentials } from '@entra-redis/node-redis';
     import { withEntra } from '@entra-redis/node-redis/v4';
     import { createClient } from 'redis';`,
  ],
  [
    'require',
    '--input-type=commonjs',
    `const { createTokenManager } = require('@entra-redis/token-manager');
     const { entraCredentials } = require('@entra-redis/node-redis');
     const { withEntra } = require('@entra-redis/node-redis/v4');
     const { createClient } = require('redis');`,
  ],
])('reauth/close-unsubscribes: the process ends when the client is closed, by %s', async (_name, flag, load) => {
  const world = await World.start();
  const token = world.identity.issue();
  const env = { TOKEN: token.value, OBJECT_ID: world.identity.objectId };
  expect(await run(flag, script(load, world.cache.port), env)).toEqual({ code: 0, out: 'PONG function' });
});

test('reauth/hand-over-closed: the process ends when a subscriber is closed whose stand-in has no answer', async () => {
  const world = await World.start();
  const token = world.identity.issue();
  const { presented } = world.verifier;
  world.verifier.hold = () => (presented.length > 1 ? new Promise(() => undefined) : undefined);
  const env = { TOKEN: token.value, OBJECT_ID: world.identity.objectId };
  const tries = until(() => presented.length > 1);
  expect(await run('--input-type=module', handOverScript(world.cache.port), env, tries)).toEqual({
    code: 0,
    out: 'handed over',
  });
});
