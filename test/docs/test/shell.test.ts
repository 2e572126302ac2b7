import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { blocksOf, findPages, root } from '../src/markdown.ts';
import { planShellLine, shellLinesOf } from '../src/shell.ts';
import { startWorld, type World } from '../src/world.ts';

const bin = `${root}packages/cli/dist/cli.js`;
const network = fileURLToPath(new URL('../src/azure-network.ts', import.meta.url));
const manifest = (file: string): { scripts?: object; dependencies?: object } =>
  JSON.parse(readFileSync(`${root}${file}`, 'utf8')) as object;

const lines = findPages().flatMap((page) => shellLinesOf(blocksOf(page)));
const plans = lines.map((line) => ({ name: `${line.name} ${line.text}`, check: planShellLine(line) }));

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const ours = plans.flatMap(({ name, check }) => (check.kind === 'ours' ? [{ name, args: check.args }] : []));
test.concurrent.each(ours)('$name', async ({ args }) => {
  await using server = await world.start('cache');
  // The command of a page is not here: any other shows that one runs.
  const own = args.includes('--') ? [...args.slice(0, args.indexOf('--')), '--', process.execPath, '-e', '0'] : args;
  const port = args.includes('emulate') && !args.includes('--') ? ['--port', '0'] : [];
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--import', network, bin, ...own, ...port],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...{ PATH: '/nonexistent', HOME: '/nonexistent' },
        ...world.env,
        SNIPPET_CACHE_PORT: String(server?.port),
      },
    },
  );
  let output = '';
  let ready = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (!ready && /Ctrl-C stops it/.test(output)) ready = child.kill('SIGINT');
    });
  }
  const [code] = await once(child, 'close');
  expect(code, output).toBe(0);
});

const scripts = plans.flatMap(({ name, check }) => (check.kind === 'script' ? [{ name, script: check.script }] : []));
test.each(scripts)('the workspace has the script of $name', ({ script }) => {
  expect(Object.keys(manifest('package.json').scripts ?? {})).toContain(script);
});

const installs = plans.flatMap(({ check }) => (check.kind === 'install' ? check.packages : []));
test('every package that a page installs is one that its programs use here', () => {
  const used = new Set([
    ...Object.keys(manifest('test/docs/package.json').dependencies ?? {}),
    ...Object.keys(manifest('test/docs/older/package.json').dependencies ?? {}),
  ]);
  const names = installs.map((name) => name.replace(/(?<=.)@.*$/, ''));
  expect(names.filter((name) => !used.has(name))).toEqual([]);
});
