import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** What only a process of its own shows: whether it exits, and how. */
const source = JSON.stringify(new URL('../../src/index.ts', import.meta.url).href);

/** Runs a module: its output where it exits by itself with 0, otherwise a rejection; the time limit is the only clock. */
async function run(script: string): Promise<{ stdout: string; stderr: string }> {
  const code = `import { createTokenManager, systemClock } from ${source};\n${script}`;
  return await promisify(execFile)(process.execPath, ['--no-warnings', '--input-type=module', '-e', code], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
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

test('token/faked-timers: renewals go on while the application fakes Date, performance and every timer', async () => {
  const { stdout } = await run(`
    const later = setTimeout;
    const real = Date.now();
    globalThis.Date = class { static now() { return 0; } };
    performance.now = () => 0;
    const timers = process.getBuiltinModule('node:timers');
    for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout']) timers[name] = globalThis[name] = () => 7;
    let asked = 0;
    const manager = createTokenManager({ requestToken: async () => {
      asked += 1;
      const now = real + systemClock.monotonic() - start;
      return { value: 'opaque ' + asked, obtainedAt: now, expiresAt: now + 150 };
    } }, { username: 'me', refresh: { minIntervalMs: 10 } });
    const start = systemClock.monotonic();
    await manager.credentials();
    later(() => { manager.close(); console.log(asked > 2 ? 'renewed' : asked); }, 1000);`);
  expect(stdout).toBe('renewed\n');
});

/** Each evaluation of the module as a test runner makes them that resets modules, without the collector's help. */
test('50 evaluations of the module leave nothing behind: no listener, no timer, no memory of a manager', async () => {
  const { stdout } = await run(`
    const { readFileSync } = process.getBuiltinModule('node:fs');
    const file = new URL('../dist/index.cjs', ${source});
    const code = readFileSync(file, 'utf8');
    const require = process.getBuiltinModule('node:module').createRequire(file);
    const evaluate = () => {
      const module = { exports: {} };
      new Function('require', 'module', 'exports', code)(require, module, module.exports);
      return module.exports;
    };
    const evaluations = [];
    const names = () => process.eventNames().map((name) => process.listenerCount(name)).reduce((a, b) => a + b, 0);
    const symbols = () => Reflect.ownKeys(globalThis).length;
    const before = [names(), symbols(), process.getActiveResourcesInfo().length];
    for (let i = 0; i < 50; i += 1) {
      const exports = evaluate();
      const manager = exports.createTokenManager({ requestToken: async () => { throw new Error('no'); } });
      manager.subscribe(() => {});
      await manager.credentials().catch(() => {});
      manager.close();
      evaluations.push(new WeakRef(exports.createTokenManager));
    }
    const after = [names(), symbols(), process.getActiveResourcesInfo().length];
    process.getBuiltinModule('node:v8').setFlagsFromString('--expose-gc');
    const gc = process.getBuiltinModule('node:vm').runInNewContext('gc');
    for (let i = 0; i < 10; i += 1) { await new Promise((resolve) => setImmediate(resolve)); gc(); }
    console.log(JSON.stringify({ same: String(before) === String(after), left: evaluations.filter((each) => each.deref()).length }));`);
  expect(JSON.parse(stdout)).toEqual({ same: true, left: expect.toSatisfy((left: number) => left <= 2) });
});

test('token/process-exits (N14): a manager that waits to retry does not keep the process alive either', async () => {
  const { stdout } = await run(`
    const manager = createTokenManager({ requestToken: async () => { throw new Error('no route'); } });
    await manager.credentials().catch((error) => console.log(error.code));`);
  expect(stdout).toBe('ERR_TOKEN_REQUEST_FAILED\n');
});
