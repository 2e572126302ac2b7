import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { capabilities } from '../../src/driver/driver.ts';
import { assertSame } from '../../src/driver/descriptions.ts';
import { commandOf, digestOf, isInstalled } from '../../src/driver/install.ts';
import { foreignManifests, peerManifests, readManifest } from '../../src/driver/manifest.ts';
import { lackOf } from '../../src/driver/needs.ts';
import { describedBy } from '../../src/driver/stdio/stdio-driver.ts';

const description = {
  name: 'mine',
  clientVersion: '1.0.0',
  resp: [2],
  closeWays: ['close'],
  capabilities: Object.fromEntries(capabilities.map((each) => [each, true])),
};
const good = { language: 'Python', configuration: 'none', command: ['python', 'driver.py'], needs: [], description };

/** Its `driver.json` in a folder of its own. */
function written(manifest: unknown, name = 'mine'): string {
  const folder = mkdtempSync(join(tmpdir(), 'entra-redis-manifest-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, name));
  const file = join(folder, name, 'driver.json');
  writeFileSync(file, typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
  return file;
}

test('a driver.json is read with where it lies', () => {
  const file = written(good, 'redis-py');
  expect(readManifest(file)).toEqual({ name: 'redis-py', folder: join(file, '..'), manifest: good });
});

test.each([
  ['no JSON', '{', /driver\.json: .*JSON/],
  ['no object', '[]', 'language and configuration'],
  ['an unknown field', { ...good, comand: [] }, 'comand is no field of it'],
  ['no language', { ...good, language: '' }, 'language and configuration must be texts'],
  ['a command that is a text', { ...good, command: 'python driver.py' }, 'command must list a program'],
  ['a need without its words', { ...good, needs: [{ run: ['python3'] }] }, 'needs must list'],
  ['a need with a broken pattern', { ...good, needs: [{ run: ['a'], what: 'b', matches: '(' }] }, 'needs must list'],
  ['an installation without files', { ...good, install: { from: [], steps: [] } }, 'install must be'],
  ['a check that is one command', { ...good, check: ['ruff', 'check'] }, 'check must be'],
  ['a description that lacks something', { ...good, description: { name: 'mine' } }, 'description: name and client'],
])('a driver.json with %s is refused, by its path and what is wrong', (_what, manifest, words) => {
  expect(() => readManifest(written(manifest))).toThrow(words);
});

const node = (program: string): readonly string[] => [process.execPath, '--eval', program];

test.each([
  ['a program that is not there', ['entra-redis-no-such-program', '--version'], undefined, 'is not there'],
  ['one that fails', node('process.exit(3)'), undefined, 'ended with exit code 3'],
  ['an older version', node('console.log("3.8.1")'), '3\\.1\\d', 'says "3.8.1"'],
])('%s is told in one sentence, with the name of the driver and what it needs', async (_what, run, matches, told) => {
  const need = { run, what: 'Python 3.10 or newer', ...(matches === undefined ? {} : { matches }) };
  const lack = await lackOf(readManifest(written({ ...good, needs: [need] })));
  expect(lack).toMatch(/^mine needs Python 3\.10 or newer: ".*" .*\.$/);
  expect(lack).toContain(told);
});

test('a machine that has what a driver needs can run it, once that is installed', async () => {
  const needs = [{ run: node('console.log("3.11.7")'), matches: '3\\.1\\d', what: 'Python 3.10 or newer' }];
  expect(await lackOf(readManifest(written({ ...good, needs })))).toBeUndefined();
  const install = { from: ['driver.json'], steps: [] };
  const lack = await lackOf(readManifest(written({ ...good, needs, install }, 'never-installed')));
  expect(lack).toBe('never-installed is not installed here: run "npm run foreign -- install never-installed".');
});

test('what a driver is installed from decides whether it is to be installed again', () => {
  const file = readManifest(written({ ...good, install: { from: ['*.json'], steps: [['a']] } }));
  expect(isInstalled(file)).toBe(false);
  const before = digestOf(file);
  writeFileSync(join(file.folder, 'lock.json'), 'another version');
  expect(digestOf(file)).not.toBe(before);
  const gone = readManifest(written({ ...good, install: { from: ['lock.txt'], steps: [] } }));
  expect(() => digestOf(gone)).toThrow('lock.txt names no file');
});

test('drivers that share an installation are installed together', () => {
  const install = { as: 'shared', from: ['driver.json'], steps: [['a']] };
  const command = ['{installed}/program'];
  const [one, other] = ['one', 'other'].map((name) => readManifest(written({ ...good, command, install }, name)));
  expect(commandOf(one as never)).toEqual(commandOf(other as never));
  expect(digestOf(one as never)).toBe(digestOf(other as never));
  expect(commandOf(one as never)[0]).toMatch(/\.tools\/foreign\/shared\/program$/);
});

test('a program that says something else of itself is told field by field, with what to do', () => {
  const said = { ...description, clientVersion: '1.1.0', capabilities: { ...description.capabilities, pool: false } };
  expect(() => assertSame('mine', description as never, said as never)).toThrow(
    'mine says something else of itself than its driver.json: clientVersion is "1.1.0", not "1.0.0"; capabilities.pool is false, not true: run "npm run foreign -- describe mine"',
  );
  expect(() => assertSame('mine', description as never, { ...description } as never)).not.toThrow();
});

test.each(peerManifests().map((file) => [file.name, file] as const))(
  'the peer %s says of itself what its driver.json says',
  { timeout: 60_000 },
  async (name, file) => {
    const said = await describedBy({ name, folder: file.folder, words: commandOf(file) });
    expect(() => assertSame(name, file.manifest.description, said)).not.toThrow();
  },
);

test('each driver.json of another language can be read', () => {
  expect(() => foreignManifests()).not.toThrow();
});
