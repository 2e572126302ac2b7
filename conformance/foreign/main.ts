// Drivers that are programs: npm run foreign -- install [name…] | check [name…] | describe <name…>
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { Command } from 'commander';
import { commandOf, digestOf, installedFolder, isInstalled, stampOf } from '../src/driver/install.ts';
import { foreignManifests, type ManifestFile, peerManifests } from '../src/driver/manifest.ts';
import { lackOf, missingNeed } from '../src/driver/needs.ts';
import { describedBy } from '../src/driver/stdio/stdio-driver.ts';

/** Those with these names; all, where none is given. */
function named(files: readonly ManifestFile[], names: readonly string[]): readonly ManifestFile[] {
  const unknown = names.find((name) => !files.some((file) => file.name === name));
  if (unknown !== undefined)
    throw new RangeError(`${unknown}: no such driver. There are: ${files.map(({ name }) => name).join(', ')}.`);
  return names.length === 0 ? files : files.filter(({ name }) => names.includes(name));
}

function carryOut(file: ManifestFile): void {
  const folder = installedFolder(file);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const step of file.manifest.install?.steps ?? []) {
    const [program = '', ...args] = commandOf(file, step);
    const { status, error } = spawnSync(program, args, { cwd: file.folder, stdio: ['ignore', 'inherit', 'inherit'] });
    if (status !== 0) throw new Error(`"${step.join(' ')}" ${error?.message ?? `ended with exit code ${status}`}`);
  }
  writeFileSync(stampOf(file), digestOf(file));
}

/** Those that lack nothing; says what the others lack. Exit code 1 where a driver that was asked for by name is left out. */
async function* able(
  names: readonly string[],
  lackOfOne: (file: ManifestFile) => Promise<string | undefined>,
): AsyncGenerator<ManifestFile> {
  for (const file of named(foreignManifests(), names)) {
    const lack = await lackOfOne(file);
    if (lack === undefined) yield file;
    else {
      console.log(`left out   ${lack}`);
      if (names.length > 0) process.exitCode = 1;
    }
  }
}

/** Exit code 1 where a step fails. */
async function install(names: readonly string[]): Promise<void> {
  for await (const file of able(names, missingNeed)) {
    if (isInstalled(file)) {
      console.log(`there      ${file.name}`);
      continue;
    }
    try {
      carryOut(file);
      console.log(`installed  ${file.name}`);
    } catch (error) {
      console.log(`failed     ${file.name}: ${(error as Error).message}`);
      process.exitCode = 1;
    }
  }
}

function complaintOf(file: ManifestFile, step: readonly string[]): string[] {
  const [program = '', ...args] = commandOf(file, step);
  const { status, error, stdout, stderr } = spawnSync(program, args, { cwd: file.folder, encoding: 'utf8' });
  // Maven resets the colors of a terminal that is not there.
  if (status === 0 && stripVTControlCharacters(stdout).trim() === '') return [];
  return [`"${step.join(' ')}"\n${error?.message ?? `${stdout}${stderr}`}`];
}

/** Exit code 1 where a formatter or linter complains. */
async function check(names: readonly string[]): Promise<void> {
  for await (const file of able(names, lackOf)) {
    const complaints = (file.manifest.check ?? []).flatMap((step) => complaintOf(file, step));
    for (const complaint of complaints) console.log(`failed     ${file.name}: ${complaint}`);
    if (complaints.length > 0) process.exitCode = 1;
    else console.log(`checked    ${file.name}`);
  }
}

/** Writes into `driver.json` what the program says of itself. */
async function describe(names: readonly string[]): Promise<void> {
  for (const file of named([...foreignManifests(), ...peerManifests()], names)) {
    const { name, folder, manifest } = file;
    const said = await describedBy({ name, folder, words: commandOf(file) });
    const { runtime: _, protocol: __, ...description } = said;
    const path = join(folder, 'driver.json');
    writeFileSync(path, `${JSON.stringify({ ...manifest, description }, undefined, 2)}\n`);
    spawnSync('biome', ['format', '--write', path]);
    console.log(`described  ${name}`);
  }
}

const program = new Command('npm run foreign --');
program
  .command('install')
  .description('installs, from lock files, the drivers that this machine can run')
  .argument('[name...]')
  .action(install);
program
  .command('check')
  .description('runs the formatters and linters of each language on its drivers')
  .argument('[name...]')
  .action(check);
program.command('describe').description('writes what drivers say of themselves').argument('<name...>').action(describe);

await program.parseAsync().catch((error: unknown) => {
  console.error(`foreign: ${(error as Error).message}`);
  process.exitCode = 1;
});
