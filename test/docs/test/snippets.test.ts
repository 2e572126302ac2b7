import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blocksOf, findPages } from '../src/markdown.ts';
import { programsOf } from '../src/programs.ts';
import { runProgram } from '../src/run-program.ts';
import { startWorld, type World } from '../src/world.ts';
import { writePrograms } from '../src/write-programs.ts';

const programs = findPages().flatMap((page) => programsOf(blocksOf(page)));
const { files, folders, remove } = writePrograms(programs);
const running = programs.flatMap(({ name, place }, index) =>
  place === 'nowhere' ? [] : [{ name, place, file: files[index] ?? '' }],
);

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(async () => {
  remove();
  await world[Symbol.asyncDispose]();
});

test.each([
  ['newest', folders[0]],
  ['older', folders[1]],
])('every program of the documentation compiles, with the %s clients', async (_which, folder = '') => {
  expect(await compile(folder)).toBe('');
});

test('every client of node-redis 5 and 6 in the documentation speaks RESP3, and sets nothing that it need not', () => {
  const clients = programs.filter(
    ({ source, older }) => !older && /entraCredentials[^]*\bcreate(Client|Cluster|Sentinel)\(/.test(source),
  );
  expect(clients.length).toBeGreaterThan(5);
  const names = (chosen: typeof clients): string[] => chosen.map(({ name }) => name);
  expect(names(clients.filter(({ source }) => !source.includes('RESP: 3')))).toEqual([]);
  expect(names(clients.filter(({ source }) => source.includes('maintNotifications')))).toEqual([]);
});

describe('every program of the documentation runs, and stays logged in where it connects', () => {
  test.concurrent.each(running)('$name', async ({ place, file }) => {
    const ran = await runProgram(file, place, world);
    const { exitCode = 0, reachedEnd, everLoggedIn, gaveUp, errors, refused } = ran;
    const shown = { exitCode, reachedEnd, everLoggedIn, gaveUp, errors, refused };
    const everConnects = !['alone', 'entra'].includes(place);
    const good = { exitCode: 0, reachedEnd: true, everLoggedIn: everConnects, gaveUp: false, errors: '', refused: [] };
    expect(shown, `${ran.output}\n${ran.timeline}`).toEqual(good);
  });
});

/** The compiler's complaints. */
async function compile(folder: string): Promise<string> {
  const tsc = join(createRequire(import.meta.url).resolve('typescript/package.json'), '..', 'bin', 'tsc');
  return await new Promise((resolve) => {
    execFile(process.execPath, [tsc, '-p', folder], (_error, stdout, stderr) => resolve(`${stdout}${stderr}`));
  });
}
