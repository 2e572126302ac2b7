import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startRedisServer } from '@entra-redis/redis-server';
import { emulate, runApplication, runOnCluster, runProgram, startEmulator } from '../support/emulator.ts';

const withoutServer = { REDIS_SERVER: '', PATH: '/nonexistent' };

test('a real server by default: the printed environment is all that an application needs; SIGINT leaves nothing', async () => {
  const emulator = await startEmulator(['--lifetime', '5m']);
  expect(emulator.output()).toMatch(
    /^Cache on 127\.0\.0\.1:\d+: redis-server \d\S+ of this machine, which keeps nothing\.$/m,
  );
  expect((await runApplication({ ...emulator.exported, SCRIPT: '1' })).stdout).toBe('OK\n1\n');
  await emulator.printed(/login .*CLIENT ID \d+/);
  expect(emulator.output()).not.toMatch(/eyJ/);
  expect(await emulator.stop('SIGINT')).toBe(0);
  expect(existsSync(emulator.exported['NODE_EXTRA_CA_CERTS'] ?? '')).toBe(false);
});

test('without a server the cache is the fake, which says so, and how to get the other', async () => {
  const emulator = await startEmulator([], { env: withoutServer });
  expect(emulator.output()).toMatch(
    /: a fake that knows few commands; for a real one install redis-server or valkey-server, or set REDIS_SERVER/,
  );
  expect((await runApplication(emulator.exported)).stdout).toBe('OK\n');
  await expect(runApplication({ ...emulator.exported, SCRIPT: '1' })).rejects.toThrow(
    /unknown command 'EVAL'.*npx entra-redis emulate --cache real/,
  );
});

test('--upstream guards a server that is there already', async () => {
  await using redis = await startRedisServer();
  const emulator = await startEmulator(['--upstream', `redis://127.0.0.1:${redis.port}`]);
  expect(emulator.output()).toContain(`in front of 127.0.0.1:${redis.port}`);
  expect((await runApplication(emulator.exported)).stdout).toBe('OK\n');
});

test.each(['real', 'fake'])(
  '--tls before the %s cache: trusted by the same file; plain text is told what to do',
  async (cache) => {
    const emulator = await startEmulator(['--tls', '--cache', cache]);
    const { stdout } = await runApplication({ ...emulator.exported, REDIS_TLS: '1' });
    expect(stdout).toBe('OK\n');
    expect(emulator.output()).toContain(
      'It speaks TLS, which clients leave off on this machine: rediss://, or tls: {}',
    );
    const socket = connect(Number(emulator.exported['REDIS_PORT']), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.write('*1\r\n$4\r\nPING\r\n');
    const [answer] = (await new Promise((resolve) => socket.once('data', (...all) => resolve(all)))) as [Buffer];
    expect(answer.toString()).toBe(
      '-ERR this port speaks TLS: use rediss://, or tls: {} in the options of ioredis\r\n',
    );
    await emulator.printed(/refused .*this port speaks TLS/);
  },
);

test.each(['real', 'fake'])('--allow and --read-only before the %s cache', async (cache) => {
  const [stranger, reader] = await Promise.all([
    startEmulator(['--cache', cache, '--allow', 'somebody-else']),
    startEmulator(['--cache', cache, '--object-id', 'me', '--allow', 'somebody-else', '--read-only', 'you,me']),
  ]);
  await expect(runApplication(stranger.exported)).rejects.toThrow(/WRONGPASS/);
  await stranger.printed(/refused .*no data access policy is assigned to object id/);
  await expect(runApplication(reader.exported)).rejects.toThrow(/NOPERM.*'set'/);
});

test.each(['real', 'fake'])(
  'before the %s cache a connection whose token expires is cut, and that is told',
  async (cache) => {
    const emulator = await startEmulator(['--cache', cache, '--lifetime', '1s']);
    await runApplication({ ...emulator.exported, HOLD: '1' });
    await emulator.printed(/expired .*CLIENT ID \d+: its token expired/);
    expect(emulator.output()).toMatch(/login .*HELLO as [\da-f-]{36}, until/);
  },
);

test.each([
  [[], {}],
  [['--tls'], { REDIS_TLS: '1' }],
  [['--host', '127.0.0.2', '--tls'], { REDIS_TLS: '1' }],
])('--cluster %j: scripts run on every node, and nodes name each other by their gates', async (args, variables) => {
  const emulator = await startEmulator(['--cluster', ...args]);
  expect(emulator.output()).toMatch(
    /: a cluster of three masters \(node-1 on port \d+, node-2 on \d+, node-3 on \d+\), each a redis-server \d\S+ of this machine, which keeps/,
  );
  const { stdout } = await runOnCluster({ ...emulator.exported, ...variables });
  expect(stdout).toBe('1,1,1,1,1,1 3\ntrue true\n');
  for (const node of ['node-1', 'node-2', 'node-3'])
    await emulator.printed(new RegExp(`login .*CLIENT ID \\d+ of ${node},`));
  expect(await emulator.stop('SIGINT')).toBe(0);
});

test('--cluster without a server is the fake, which says so, and how to get the other', async () => {
  const emulator = await startEmulator(['--cluster'], { env: withoutServer });
  expect(emulator.output()).toMatch(
    /: a fake that knows few commands, three masters with a replica each \(node-1 on port \d+, .*, node-6 on \d+\); for a real one install redis-server or/,
  );
  await expect(runOnCluster(emulator.exported)).rejects.toThrow(
    /unknown command 'eval'.*npx entra-redis emulate --cache real/i,
  );
});

test('--cluster --cache fake is the fake', async () => {
  const emulator = await startEmulator(['--cluster', '--cache', 'fake']);
  expect(emulator.output()).toMatch(
    /: a fake that knows few commands, three masters with a replica each \(node-1 .*\)\.$/m,
  );
});

test('--upstream refuses a node of a cluster', async () => {
  await using node = await startRedisServer({ cluster: true });
  expect(await emulate(['--port', '0', '--upstream', `redis://127.0.0.1:${node.port}`])).toEqual({
    code: 2,
    stdout: '',
    stderr: `entra-redis: --upstream 127.0.0.1:${node.port} is a node of a cluster, which one gate cannot front: use --cluster instead, or call startGate for each node, with rewriteAddress.\n`,
  });
});

describe('workload identity:', () => {
  const pinned = { AZURE_TOKEN_CREDENTIALS: 'WorkloadIdentityCredential' };
  const program = `
    import { DefaultAzureCredential, ManagedIdentityCredential, WorkloadIdentityCredential } from '@azure/identity';
    const all = [new DefaultAzureCredential(), new WorkloadIdentityCredential(), new ManagedIdentityCredential()];
    for (const each of all) {
      const { token } = await each.getToken('https://redis.azure.com/.default');
      console.log(JSON.parse(Buffer.from(token.split('.')[1], 'base64url')).oid);
    }
  `;

  test.each<[string, string[], Record<string, string>]>([
    ['AZURE_TOKEN_CREDENTIALS of whoever starts it', [], pinned],
    ['--identity', ['--identity', 'workload'], {}],
    ['--identity, at an address of the network', ['--identity', 'workload', '--host', '127.0.0.2', '--tls'], {}],
  ])('by %s, the credentials of @azure/identity get tokens without options', async (_by, args, env) => {
    const emulator = await startEmulator(['--object-id', 'me', ...args], { env });
    expect(emulator.exported).toMatchObject({ ...pinned, AZURE_FEDERATED_TOKEN_FILE: expect.stringMatching(/./) });
    expect(emulator.exported).not.toHaveProperty('AZURE_CLIENT_SECRET');
    expect(emulator.exported).not.toHaveProperty('AZURE_POD_IDENTITY_AUTHORITY_HOST');
    expect((await runProgram(program, emulator.exported)).stdout).toBe('me\nme\nme\n');
    const tls = args.includes('--tls') ? { REDIS_TLS: '1' } : {};
    expect((await runApplication({ ...emulator.exported, ...tls })).stdout).toBe('OK\n');
    expect(await emulator.stop('SIGTERM')).toBe(0);
    expect(existsSync(emulator.exported['AZURE_FEDERATED_TOKEN_FILE'] ?? '')).toBe(false);
  });

  test('without them there is a managed identity, which needs no certificate authority', async () => {
    const emulator = await startEmulator([], { env: { AZURE_TOKEN_CREDENTIALS: '' } });
    expect(emulator.exported).toMatchObject({ AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential' });
    expect(emulator.exported).not.toHaveProperty('AZURE_FEDERATED_TOKEN_FILE');
    const { NODE_EXTRA_CA_CERTS: _ours, ...others } = emulator.exported;
    expect((await runApplication(others)).stdout).toBe('OK\n');
  });
});

test('--host moves both, with a certificate for it', async () => {
  const emulator = await startEmulator(['--host', '127.0.0.2', '--tls']);
  const { REDIS_HOST, AZURE_POD_IDENTITY_AUTHORITY_HOST, AZURE_AUTHORITY_HOST } = emulator.exported;
  expect(REDIS_HOST).toBe('127.0.0.2');
  expect(AZURE_POD_IDENTITY_AUTHORITY_HOST).toMatch(/^http:\/\/127\.0\.0\.2:\d+$/);
  expect(AZURE_AUTHORITY_HOST).toMatch(/^https:\/\/127\.0\.0\.2:\d+$/);
  expect(
    (await runApplication({ ...emulator.exported, REDIS_TLS: '1', FETCH: AZURE_AUTHORITY_HOST ?? '' })).stdout,
  ).toBe('OK\n404\n');
});

test('--host 0.0.0.0 says who can reach it, and names itself by loopback', async () => {
  const emulator = await startEmulator(['--host', '0.0.0.0', '--cache', 'fake']);
  expect(emulator.output()).toContain('everybody in your network can reach the cache');
  expect(emulator.exported).toMatchObject({ REDIS_HOST: '127.0.0.1' });
});

test('--port and --entra-port stay what they are', async () => {
  const first = await startEmulator(['--cache', 'fake']);
  const port = first.exported['REDIS_PORT'] ?? '';
  const entra = new URL(first.exported['AZURE_POD_IDENTITY_AUTHORITY_HOST'] ?? '').port;
  await first.stop('SIGTERM');
  const second = await startEmulator(['--cache', 'fake', '--port', port, '--entra-port', entra]);
  expect(second.exported).toMatchObject({
    REDIS_PORT: port,
    AZURE_POD_IDENTITY_AUTHORITY_HOST: `http://127.0.0.1:${entra}`,
    AZURE_AUTHORITY_HOST: `https://localhost:${entra}`,
  });
});
