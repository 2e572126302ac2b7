import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { isAlive, temporaryFolder } from '@entra-redis/test-support';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { bin, emulate, startEmulator } from '../support/emulator.ts';

const run = promisify(execFile);
let folder = '';
beforeEach(async () => {
  folder = await temporaryFolder();
});

const node = (program: string): string[] => ['--', process.execPath, '--eval', program];

/** The processes that a process has started, and they, by what their command lines hold. */
async function descendants(pid: number): Promise<{ readonly pid: number; readonly command: string }[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,args=']);
  const all = [...stdout.matchAll(/^\s*(\d+)\s+(\d+)\s+(.*)$/gm)].map(([, own, parent, command = '']) => ({
    pid: Number(own),
    parent: Number(parent),
    command,
  }));
  const below = (parent: number): typeof all =>
    all.flatMap((each) => (each.parent === parent ? [each, ...below(each.pid)] : []));
  return below(pid);
}

describe('a command', () => {
  test('runs in the environment, and its exit code is passed on', async () => {
    const print = 'console.log(process.env.REDIS_HOST, process.env.AZURE_TOKEN_CREDENTIALS); process.exit(7)';
    const { code, stdout, stderr } = await emulate(node(print));
    expect({ code, stdout }).toEqual({ code: 7, stdout: '127.0.0.1 ManagedIdentityCredential\n' });
    expect(stderr).toMatch(/^The cache is redis-server .* of this machine, which keeps nothing\.\n$/);
  });

  test('that is ended by a signal ends with the code that a shell would tell', async () => {
    expect(await emulate(node('process.kill(process.pid, "SIGKILL")'))).toMatchObject({ code: 137 });
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('gets %s, and what it makes of it counts', async (signal) => {
    const program = `process.on('${signal}', () => process.exit(9)); console.log('export AZURE_REDIS_ENDPOINT=ready'); setInterval(() => {}, 1000);`;
    const emulator = await startEmulator(node(program));
    expect(await emulator.stop(signal)).toBe(9);
  });

  test('that ends after Ctrl-C, which reaches every process of a terminal, still has its cache', async () => {
    const program = `
      const socket = require('node:net').connect(process.env.REDIS_PORT, process.env.REDIS_HOST);
      socket.on('connect', () => console.log('export AZURE_REDIS_ENDPOINT=ready')).on('close', () => process.exit(1));
      process.on('SIGINT', () => setTimeout(() => process.exit(9), 500));`;
    // A signal to the emulator within a command goes to the whole group.
    const emulator = await startEmulator(node(program), { within: ['env'] });
    expect(await emulator.stop('SIGINT')).toBe(9);
  });

  test('is told of logins that are refused, not of those that go well', async () => {
    const emulator = await startEmulator([
      '--lifetime',
      '1m',
      ...node("console.log('export AZURE_REDIS_ENDPOINT=x'); setInterval(() => {}, 1000)"),
    ]);
    expect(emulator.output()).not.toContain('login');
  });
});

describe('nothing is left running, whoever of the chain gets SIGTERM:', () => {
  const chain = async (): Promise<{ shell: ChildProcess; all: Awaited<ReturnType<typeof descendants>> }> => {
    // As npm runs it: a shell between whoever is stopped and the emulator.
    const line = `"${process.execPath}" "${bin}" emulate --port 0 -- "${process.execPath}" -e 'console.log("up"); setInterval(() => {}, 1000)'; true`;
    const shell = spawn('sh', ['-c', line], { stdio: ['ignore', 'pipe', 'ignore'] });
    onTestFinished(() => void shell.kill('SIGKILL'));
    await new Promise((resolve) => shell.stdout?.once('data', resolve));
    return { shell, all: await descendants(shell.pid ?? 0) };
  };
  test.each([
    ['the shell before it', undefined],
    ['the emulator', /bin\.js emulate/],
    ['the launcher of the server', /launcher-main/],
    ['the server', /redis-server .*:\d+|valkey-server .*:\d+/],
    ['the command', /console\.log\("up"\)/],
  ])('%s', async (_name, pattern) => {
    const { shell, all } = await chain();
    expect(all.length).toBeGreaterThanOrEqual(4);
    const one =
      pattern === undefined
        ? shell.pid
        : all.find(({ pid, command }) => pattern.test(command) && pid !== shell.pid)?.pid;
    process.kill(one ?? Number.NaN, 'SIGTERM');
    await expect.poll(() => all.filter(({ pid }) => isAlive(pid)), { timeout: 15_000 }).toEqual([]);
  });
});

test.each([
  ['SIGTERM', 0, 'the emulator'],
  ['SIGKILL', 1, 'one of the servers'],
] as const)(
  '--cluster has three servers, and leaves none after %s (exit code %i) to %s',
  async (signal, code, whom) => {
    const emulator = await startEmulator(['--cluster'], { env: { TMPDIR: folder } });
    const all = await descendants(emulator.pid);
    const servers = all.filter(({ command }) => /(redis|valkey)-server .*:\d+/.test(command));
    expect(servers).toHaveLength(3);
    process.kill(whom === 'the emulator' ? emulator.pid : (servers[1]?.pid ?? Number.NaN), signal);
    expect(await emulator.ended).toBe(code);
    await expect.poll(() => all.filter(({ pid }) => isAlive(pid)), { timeout: 15_000 }).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  },
);

describe('bad input ends with one sentence, and leaves nothing', () => {
  const others = ['--cache', 'fake', '--port', '0'];
  test.each([
    [['--lifetime', 'soon'], 2, /--lifetime.*'soon'.*60s/],
    [['--allow', 'one,,two'], 2, /--allow.*object ids with commas/],
    [['--port', '99999'], 2, /--port.*port number/],
    [['--cache', 'both'], 2, /--cache.*Allowed choices are real, fake/],
    [
      ['--cluster', '--upstream', 'redis://127.0.0.1:1'],
      2,
      /--cluster starts servers of its own: leave out --upstream/,
    ],
    [['--cluster', '--host', '0.0.0.0'], 2, /--cluster tells clients the address of each node, and 0\.0\.0\.0 is none/],
    [['--background', '--stop'], 2, /--stop ends what --background has started: leave out one/],
    [['--cache', 'fake', '--upstream', 'redis://127.0.0.1:1'], 2, /--upstream names the cache: leave out --cache/],
    [['--background', '--', 'true'], 2, /A command ends with the emulator: leave out --background and --stop/],
    [['--stop', '/nonexistent'], 2, /--stop: \/nonexistent is not a file that --background --write-env has written/],
    [['--upstream', 'rediss://127.0.0.1:1'], 2, /--upstream.*redis:\/\/user:password@host:port/],
    [['--port', '0', '--upstream', 'redis://user:pass@127.0.0.1:1'], 1, /reached no usable Redis at 127\.0\.0\.1:1/],
    [['--port', '0', '--upstream', 'redis://127.0.0.1:1'], 1, /reached no usable Redis at 127\.0\.0\.1:1/],
    [[...others, '--host', '192.0.2.1'], 1, /--host 192\.0\.2\.1 is not an address of this machine/],
    [
      [...others, '--host', 'no-such-host.invalid'],
      1,
      /--host no-such-host\.invalid is not an address of this machine/,
    ],
    [
      [...others, '--write-env', '/nonexistent/.env'],
      1,
      /--write-env \/nonexistent\/\.env cannot be written \(ENOENT\)/,
    ],
    [[...others, '--background', '--write-env', '/nonexistent/.env'], 1, /--write-env .*cannot be written/],
    [[...others, '--', 'no-such-command'], 127, /there is no command no-such-command: check its name and PATH/],
    [[...others, '--', '/'], 126, /the command \/ cannot be run \(EACCES\): check its rights/],
  ])('%j', async (args, code, words) => {
    const failed = await emulate(args, { TMPDIR: folder });
    expect(failed).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(words) });
    const told = failed.stderr
      .trim()
      .split('\n')
      .filter((line) => !line.startsWith('The cache is'));
    expect(told).toHaveLength(1);
    expect(await readdir(folder)).toEqual([]);
  });

  test.each([
    [
      { REDIS_SERVER: '/bin/false' },
      [],
      /\/bin\/false on port \d+ did not start: .*--cache fake needs no server, but knows few/,
    ],
    [{ REDIS_SERVER: '/nonexistent' }, [], /\/nonexistent is no program that may run/],
    [
      { REDIS_SERVER: '', PATH: '/nonexistent' },
      ['--cache', 'real'],
      /No redis-server: install Redis 7.*--cache fake needs no server, but knows few/,
    ],
    [
      { REDIS_SERVER: '/bin/false' },
      ['--cluster'],
      /\/bin\/false on port \d+ did not start: .*A cluster needs Redis 7 or newer\. --cache fake needs no server/,
    ],
    [
      { NODE_EXTRA_CA_CERTS: '/nonexistent.pem' },
      [],
      /NODE_EXTRA_CA_CERTS names \/nonexistent\.pem, which cannot be read \(ENOENT\)/,
    ],
  ])('%j', async (env, args, words) => {
    const failed = await emulate(['--port', '0', ...args], { TMPDIR: folder, ...env });
    expect(failed).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(words) });
    // Node itself warns of authorities that it cannot read.
    expect(
      failed.stderr
        .trim()
        .split('\n')
        .filter((line) => !line.startsWith('Warning: Ignoring extra certs')),
    ).toHaveLength(1);
    expect(await readdir(folder)).toEqual([]);
  });

  test.each(['--port', '--entra-port'])('%s in use', async (option) => {
    const first = await startEmulator(['--cache', 'fake']);
    const entra = new URL(first.exported['AZURE_POD_IDENTITY_AUTHORITY_HOST'] ?? '').port;
    const port = option === '--port' ? first.exported['REDIS_PORT'] : entra;
    const failed = await emulate(['--port', '0', option, port ?? ''], { TMPDIR: folder });
    expect(failed).toMatchObject({
      code: 1,
      stderr: `entra-redis: port ${port} is in use: choose another with ${option}, 0 for a free one.\n`,
    });
    expect(await readdir(folder)).toEqual([]);
  });
});
