#!/usr/bin/env node
// Finds a real redis-server: the REDIS_SERVER variable, PATH, the ignored .tools/ folder; where there is none, fetches one from the
// machine's own Debian or Ubuntu package sources into .tools/, without root and with nothing installed. As a command it prints the
// path; as vitest's globalSetup, or by provideRedisServer(), it sets REDIS_SERVER, REDIS_CLI and VALKEY_SERVER for what runs next.
import { execFile } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { isExecutable, onPath } from './on-path.mjs';

const run = promisify(execFile);
const tools = fileURLToPath(new URL('../.tools/', import.meta.url));
const home = join(tools, 'redis');
const advice =
  'install Redis 7 or newer (Debian, Ubuntu: apt-get install redis-server; macOS: brew install redis) or set REDIS_SERVER to the path of one';

/** @returns {Promise<string>} the path of a redis-server that runs; rejects with a sentence that says what to install. */
export async function findRedisServer() {
  const named = process.env.REDIS_SERVER;
  if (named) {
    await checkRuns(named, `REDIS_SERVER is ${named}, which does not run`);
    return named;
  }
  const found = onPath('redis-server') ?? inTools('redis-server');
  return found ?? (await fetchFromPackages());
}

/** @returns {Promise<string | undefined>} a valkey-server: the VALKEY_SERVER variable, PATH; none is fetched. */
export async function findValkeyServer() {
  const named = process.env.VALKEY_SERVER;
  if (!named) return onPath('valkey-server');
  await checkRuns(named, `VALKEY_SERVER is ${named}, which does not run`, 'correct it or unset it');
  return named;
}

/** Sets REDIS_SERVER, and REDIS_CLI and VALKEY_SERVER if there is one, in this process' environment. @returns {Promise<void>} */
export async function provideRedisServer() {
  const server = await findRedisServer();
  process.env.REDIS_SERVER = server;
  const beside = join(dirname(server), 'redis-cli');
  process.env.REDIS_CLI ||= isExecutable(beside) ? beside : (onPath('redis-cli') ?? inTools('redis-cli') ?? '');
  if (!process.env.REDIS_CLI) delete process.env.REDIS_CLI;
  const valkey = await findValkeyServer();
  if (valkey) process.env.VALKEY_SERVER = valkey;
}
export default provideRedisServer;

function inTools(name) {
  const file = join(home, name);
  return isExecutable(file) ? file : undefined;
}

async function checkRuns(server, otherwise, remedy = advice) {
  try {
    const { stdout } = await run(server, ['--version']);
    if (!/server/i.test(stdout)) throw new Error('it is no Redis server');
  } catch (error) {
    throw new Error(`${otherwise} (${firstLine(error)}): ${remedy}`, { cause: error });
  }
}

function firstLine(error) {
  return String(error.stderr || error.message)
    .trim()
    .split('\n')[0];
}

/** Builds in a folder of its own and renames it at the end, so that several runs at once do no harm. */
async function fetchFromPackages() {
  if (process.platform !== 'linux' || !onPath('apt-get') || !onPath('dpkg')) {
    throw new Error(`No redis-server: ${advice}`);
  }
  process.stderr.write(
    'redis-server: none found, fetching redis-tools from the package sources of this machine into .tools/\n',
  );
  await mkdir(tools, { recursive: true });
  const work = await mkdtemp(join(tools, 'fetching-'));
  try {
    await download(work);
    await assemble(work);
    await checkRuns(join(work, 'redis-server'), 'The redis-server that was fetched does not run');
    await rename(work, home).catch((error) => {
      if (!inTools('redis-server')) throw error;
    });
  } catch (error) {
    throw new Error(`No redis-server, and fetching one failed (${firstLine(error)}): ${advice}`, { cause: error });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return join(home, 'redis-server');
}

async function download(work) {
  let options = [];
  let names = await packagesToFetch(options).catch(() => []);
  if (names.length === 0) {
    options = await privateLists(work);
    names = await packagesToFetch(options);
  }
  await apt('apt-get', [...options, 'download', ...names], work).catch(async (error) => {
    if (options.length > 0) throw error;
    // The machine's package lists are older than its sources.
    await apt('apt-get', [...(await privateLists(work)), 'download', ...names], work);
  });
}

/** Package lists of our own, where the machine has none that are usable. */
async function privateLists(work) {
  const lists = join(work, 'apt', 'lists');
  const cache = join(work, 'apt', 'cache');
  await mkdir(join(lists, 'partial'), { recursive: true });
  await mkdir(join(cache, 'archives', 'partial'), { recursive: true });
  const options = ['-o', `Dir::State::Lists=${lists}`, '-o', `Dir::Cache=${cache}`];
  await apt('apt-get', [...options, 'update'], work);
  return options;
}

/** `apt-get download` as root would hand the work to a user who cannot write here. */
function apt(command, args, cwd) {
  return run(command, ['-q', '-o', 'APT::Sandbox::User=root', ...args], {
    cwd,
    env: { ...process.env, LC_ALL: 'C' },
    maxBuffer: 64 * 1024 * 1024,
  });
}

/** redis-tools, whose one binary is also the server, and the libraries it needs that the machine does not have. */
async function packagesToFetch(options) {
  const only = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'].map((kind) => `--no-${kind}`);
  const { stdout } = await apt('apt-cache', [...options, 'depends', '--recurse', ...only, 'redis-tools'], tools);
  const dependsOn = readDepends(stdout);
  const { stdout: selections } = await run('dpkg', ['--get-selections']);
  const installed = new Set([...selections.matchAll(/^([^\s:]+)\S*\s+(?:install|hold)$/gm)].map(([, name]) => name));
  const wanted = new Set(dependsOn.has('redis-tools') ? ['redis-tools'] : []);
  for (const name of wanted) {
    for (const other of dependsOn.get(name) ?? []) {
      if (other.startsWith('lib') && !installed.has(other)) wanted.add(other);
    }
  }
  return [...wanted];
}

/** Reads `apt-cache depends`: per package what it depends on; of alternatives ("|Depends: a", then "Depends: b") the first. */
function readDepends(text) {
  const packages = new Map();
  let list = [];
  let alternative = false;
  for (const line of text.split('\n')) {
    const [, more, name] = /^ ([ |])(?:Pre)?Depends: (\S+)$/.exec(line) ?? [];
    if (name) {
      if (!alternative) list.push(name);
      alternative = more === '|';
    } else if (/^[a-z0-9]/.test(line)) {
      list = [];
      packages.set(line.trim(), list);
    }
  }
  return packages;
}

async function assemble(work) {
  for (const file of await readdir(work)) {
    if (!file.endsWith('.deb')) continue;
    await run('dpkg', ['-x', join(work, file), work]);
    await rm(join(work, file));
  }
  const bin = join(work, 'usr', 'bin');
  if (!existsSync(join(bin, 'redis-server'))) await symlink('redis-check-rdb', join(bin, 'redis-server'));
  for (const name of ['redis-server', 'redis-cli']) {
    const wrapper = join(work, name);
    await writeFile(
      wrapper,
      `#!/bin/sh
here=$(dirname -- "$(readlink -f -- "$0")")
for folder in "$here"/usr/lib/*-linux-* "$here"/usr/lib "$here"/lib/*-linux-*; do
  if [ -d "$folder" ]; then LD_LIBRARY_PATH="$folder\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"; fi
done
export LD_LIBRARY_PATH
exec "$here/usr/bin/${name}" "$@"
`,
    );
    await chmod(wrapper, 0o755);
  }
  await rm(join(work, 'apt'), { recursive: true, force: true });
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await findRedisServer().then(
    (server) => process.stdout.write(`${server}\n`),
    (error) => {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 1;
    },
  );
}
