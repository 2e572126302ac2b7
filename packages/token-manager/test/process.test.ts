import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** What only a process of its own shows: whether it exits, and how. */
const source = JSON.stringify(new URL('../src/index.ts', import.meta.url).href);

/** Runs a module: its output where it exits by itself with 0, otherwise a rejection; the time limit is the only clock. */
async function run(script: string): Promise<{ stdout: string; stderr: string }> {
  const code = `import { createTokenManager, systemClock } from ${source};\n${script}`;
  return await promisify(execFile)(process.execPath, ['--no-warnings', '--input-type=module', '-e', code], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    timeout: 8000,
  });
}

test('token/close-in-flight (N2): closing during a request is no unhandled rejection; the process exits 0', async () => {
  const { stdout, stderr } = await run(`
    const provider = { requestToken: ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))) };
    const manager = createTokenManager(provider);
    manager.register({ identity: { client: 'x' }, canAuthenticate: () => true, authenticate: async () => {} });
    setImmediate(() => { manager.close(); console.log('closed'); });`);
  expect({ stdout, stderr }).toEqual({ stdout: 'closed\n', stderr: '' });
});

test('token/process-exits (N14): neither a manager with a token, a connection and a listener, nor a timer of the system clock, keeps the process alive', async () => {
  const { stdout } = await run(`
    systemClock.schedule(60_000, () => {});
    systemClock.schedule(2 ** 33, () => {});
    const now = Date.now();
    const manager = createTokenManager({ requestToken: async () => ({ value: 'opaque', obtainedAt: now, expiresAt: now + 3600000 }) }, { username: 'me' });
    manager.subscribe(() => {});
    const connection = { identity: { client: 'x' }, canAuthenticate: () => true, authenticate: async () => {} };
    const credentials = await manager.credentials();
    manager.register(connection).authenticated(credentials);
    console.log(credentials.username);`);
  expect(stdout).toBe('me\n');
});

test('token/process-exits (N14): a manager that waits to retry does not keep the process alive either', async () => {
  const { stdout } = await run(`
    const manager = createTokenManager({ requestToken: async () => { throw new Error('no route'); } });
    await manager.credentials().catch((error) => console.log(error.code));`);
  expect(stdout).toBe('ERR_TOKEN_REQUEST_FAILED\n');
});
