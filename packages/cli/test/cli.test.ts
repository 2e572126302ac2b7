import { startRedisServer } from '@entra-redis/redis-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Emulator, failure, run, startEmulator, tidy } from './support/cli.ts';
import { bin } from './support/emulator.ts';

let plain: Emulator;
let secure: Emulator;
let cluster: Emulator;
beforeAll(async () => {
  [plain, secure, cluster] = await Promise.all([
    startEmulator(),
    startEmulator('--tls', '--object-id', '00000000-0000-4000-8000-00000000000c'),
    startEmulator('--tls', '--cluster'),
  ]);
});
afterAll(async () => {
  for (const emulator of [plain, secure, cluster]) await emulator[Symbol.asyncDispose]();
});

describe('against the emulator, by nothing but the exports that it prints', () => {
  test('everything works', async () => {
    const { code, stdout } = await run(['doctor'], secure.variables);
    expect(tidy(stdout)).toMatchInlineSnapshot(`
      "localhost:<port>

      ✓ DNS             localhost is 127.0.0.1.
      ✓ TCP             Connected to 127.0.0.1:<port>.
      ✓ TLS             TLSv1.3; the certificate is for localhost, and valid until <time> (<duration>).
                        Issued by entra-redis emulator <id>.
      ✓ Credential      DefaultAzureCredential: EnvironmentCredential (client secret) answered.
      ✓ Token           For a service principal or managed identity, object id <guid>.
                        Audience https://redis.azure.com, tenant <guid>, application
                        <guid>.
                        Valid until <time> (<duration>).
      ✓ AUTH            The server accepts <guid> with this token.
      ✓ ACL WHOAMI      The connection is logged in as <guid>.
      ✓ PING            PONG, in <duration>.
      ✓ Write and read  The key entra-redis-doctor:<random> was written, read and deleted.
      ✓ Cluster         No cluster: one endpoint has every key. Use a plain client.
      ✓ RESP3           RESP3 works: redis 7.0.15, standalone. Subscribers can log in again in place.
      ✓ Re-AUTH         A second AUTH on the open connection is accepted (CLIENT ID <n> as before).
                        The server closes the connection at <time>, unless it logs in again with a
                        newer token before that.

      Everything works: 12 steps in <duration>.
      "
    `);
    expect(code).toBe(0);
  });

  test('at an address of IPv6', async () => {
    await using emulator = await startEmulator('--host', '::', '--tls');
    expect(emulator.output()).toMatch(/^Cache on \[::\]:\d+: /m);
    const { NODE_EXTRA_CA_CERTS: file = '', AZURE_AUTHORITY_HOST: authority = '', ...rest } = emulator.variables;
    const here = { ...emulator.variables, REDIS_HOST: '::1' };
    expect(await run(['doctor'], here)).toMatchObject({ code: 0, stderr: '' });
    const elsewhere = { ...rest, AZURE_AUTHORITY_HOST: authority.replace('localhost', '[::1]') };
    const { stdout } = await run(['doctor', '--ca', file], elsewhere);
    expect(failure(stdout)).toMatch(/^✗ Credential +The certificate of \[::1\]:\d+ is not trusted here/);
  });

  test('without TLS', async () => {
    const { REDIS_HOST: host, REDIS_PORT: port } = plain.variables;
    expect(await run(['doctor', `${host}:${port}`], plain.variables)).toMatchObject({ code: 0, stderr: '' });
  });

  test('a cluster', async () => {
    const { code, stdout } = await run(['doctor'], cluster.variables);
    expect(stdout).toMatch(
      /Cluster +A cluster: 3 masters, 3 replicas; all of them log in, and their certificates are valid/,
    );
    expect(code).toBe(0);
  });

  test('a gate before a real Redis', async () => {
    await using redis = await startRedisServer();
    await using gate = await startEmulator('--upstream', `redis://127.0.0.1:${redis.port}`);
    const { code, stdout } = await run(['doctor'], gate.variables);
    expect(stdout).toMatch(/RESP3 works: redis \d/);
    expect(code).toBe(0);
  });

  test('the report for machines', async () => {
    const { code, stdout } = await run(['doctor', '--json'], secure.variables);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 1,
      ok: true,
      exitCode: 0,
      steps: Array.from({ length: 12 }, () => ({ status: 'ok' })),
    });
    expect(code).toBe(0);
  });

  test('colors only where they are wanted', async () => {
    const escape = String.fromCharCode(27);
    expect((await run(['doctor'], plain.variables)).stdout).not.toContain(escape);
    expect((await run(['doctor'], { ...plain.variables, FORCE_COLOR: '1' })).stdout).toContain(`${escape}[32m✓`);
    expect((await run(['doctor'], { ...plain.variables, NO_COLOR: '1' })).stdout).not.toContain(escape);
  });
});

describe('the certificate authority of the cache', () => {
  test('can be given by --ca; that of Entra is then still unknown', async () => {
    const { NODE_EXTRA_CA_CERTS: file = '', ...rest } = secure.variables;
    const { code, stdout } = await run(['doctor', '--ca', file], rest);
    expect(code).toBe(13);
    expect(failure(stdout)).toMatchInlineSnapshot(`
      "✗ Credential      The certificate of localhost:<port> is not trusted here (UNABLE_TO_VERIFY_LEAF_SIGNATURE).
                        1. A proxy that inspects TLS: give Node.js its certificate authority.
                           export NODE_EXTRA_CA_CERTS=/path/to/authority.pem
                        2. The emulator: paste the exports of the one that runs now; its authority is new at every
                           start."
    `);
  });

  test.each(['/nonexistent.pem', bin])('--ca %s is refused', async (file) => {
    const { code, stdout, stderr } = await run(['doctor', '--ca', file], secure.variables);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^entra-redis: --ca: .*(cannot be read|is not a certificate in PEM format)\.\n$/);
  });
});

test('the exports of another emulator do not help', async () => {
  const { REDIS_HOST: host, REDIS_PORT: port } = plain.variables;
  const { code, stdout } = await run(['doctor', `${host}:${port}`], secure.variables);
  expect(code).toBe(15);
  expect(failure(stdout)).toMatchInlineSnapshot(`
    "✗ AUTH            The server refused the login of object id <guid> (WRONGPASS):
                      the cache has no access policy for this id, or does not accept the token.
                      The server said: WRONGPASS invalid username-password pair or user is disabled.
                      1. The emulator accepts only the tokens of its own Entra: paste the exports that the running
                         one has printed.
                      2. If it was started with --allow or --read-only, one of them must name
                         <guid>.
                      3. A plain Redis accepts no tokens: put the emulator in front of it, with an identity of its
                         own.
                         npx entra-redis emulate --upstream redis://127.0.0.1:<port>
                      4. Any other server: its user must be named <guid>."
  `);
});

describe('a command line that cannot work ends with exit code 2 and one sentence', () => {
  test.each([
    [['doctor'], /Which cache\? Give its host name, or set REDIS_HOST and REDIS_PORT/],
    [['doctor', 'redis.example.com'], /Which port\?/],
    [['doctor', 'host:1', '--timeout', '0'], /--timeout.*It takes seconds/],
    [['doctor', 'host:1', '--credential', 'password'], /--credential.*Allowed choices/],
    [['doctor', 'host:1', '--plain-text'], /--plain-text is for this machine only/],
    [['doctor', 'host:1', 'other'], /too many arguments/],
    [['doktor'], /unknown command/],
    [['emulate', '--lifetime', 'soon'], /--lifetime/],
  ])('%j', async (args, sentence) => {
    const { code, stdout, stderr } = await run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
  });
});

test('--help and --version', async () => {
  expect(await run(['--version'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  expect(await run(['doctor', '--help'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('never prints a token'),
  });
  expect(await run(['emulate', '--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('--lifetime') });
});

test('nothing that looks like a token is printed, however it ends and with the log of @azure/identity on', async () => {
  const outputs = await Promise.all([
    run(['doctor'], { ...secure.variables, AZURE_LOG_LEVEL: 'verbose' }),
    run(['doctor', '--json'], secure.variables),
    run(['doctor', '--scope', 'https://storage.azure.com/.default'], secure.variables),
    run(['doctor', '--username', 'somebody'], secure.variables),
  ]);
  expect(outputs.map(({ code }) => code)).toEqual([0, 0, 14, 15]);
  for (const { stdout, stderr } of outputs) expect(stdout + stderr).not.toMatch(/eyJ/);
  expect(secure.output()).not.toMatch(/eyJ/);
});

test('emulate is the command of the emulator: it shows logins', async () => {
  await run(['doctor'], plain.variables);
  await plain.printed(/login .*AUTH as/);
  expect(plain.output()).toMatch(/login +CLIENT ID \d+, AUTH as [\da-f-]{36}, until/);
});

test('a plain Redis, and no credential: the emulator can guard it', async () => {
  await using redis = await startRedisServer();
  const { code, stdout } = await run(['doctor', `127.0.0.1:${redis.port}`]);
  expect(code).toBe(13);
  expect(failure(stdout)).toContain(`npx entra-redis emulate --upstream redis://127.0.0.1:<port>`);
  expect(stdout.indexOf('az login')).toBeLessThan(stdout.indexOf('--client-id CLIENT_ID'));
});
