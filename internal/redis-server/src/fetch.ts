// Fetches a redis-server from the machine's own Debian or Ubuntu package sources, without root and with nothing installed.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { isExecutable, onPath } from './on-path.ts';
import { advice, checkRuns, firstLine } from './program.ts';

const run = promisify(execFile);

/** Puts one into the folder `home`: builds beside it and renames at the end, so that several runs at once do no harm. */
export async function fetchRedisServer(home: string): Promise<void> {
  if (process.platform !== 'linux' || !onPath('apt-get') || !onPath('dpkg')) {
    throw new Error(`No redis-server: ${advice}`);
  }
  process.stderr.write(
    'redis-server: none found, fetching redis-tools from the package sources of this machine into .tools/\n',
  );
  const tools = dirname(home);
  await mkdir(tools, { recursive: true });
  const work = await mkdtemp(join(tools, 'fetching-'));
  try {
    await download(work);
    await assemble(work);
    await checkRuns(join(work, 'redis-server'), 'The redis-server that was fetched does not run');
    await rename(work, home).catch((error: unknown) => {
      if (!isExecutable(join(home, 'redis-server'))) throw error;
    });
  } catch (error) {
    throw new Error(`No redis-server, and fetching one failed (${firstLine(error)}): ${advice}`, { cause: error });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function download(work: string): Promise<void> {
  let options: readonly string[] = [];
  let names = await packagesToFetch(work, options).catch(() => []);
  if (names.length === 0) {
    options = await privateLists(work);
    names = await packagesToFetch(work, options);
  }
  await apt('apt-get', [...options, 'download', ...names], work).catch(async (error: unknown) => {
    if (options.length > 0) throw error;
    // The machine's package lists are older than its sources.
    await apt('apt-get', [...(await privateLists(work)), 'download', ...names], work);
  });
}

/** Package lists of our own, where the machine has none that are usable. */
async function privateLists(work: string): Promise<readonly string[]> {
  const lists = join(work, 'apt', 'lists');
  const cache = join(work, 'apt', 'cache');
  await mkdir(join(lists, 'partial'), { recursive: true });
  await mkdir(join(cache, 'archives', 'partial'), { recursive: true });
  const options = ['-o', `Dir::State::Lists=${lists}`, '-o', `Dir::Cache=${cache}`];
  await apt('apt-get', [...options, 'update'], work);
  return options;
}

/** `apt-get download` as root would hand the work to a user who cannot write here. */
function apt(command: string, args: readonly string[], cwd: string): Promise<{ stdout: string }> {
  return run(command, ['-q', '-o', 'APT::Sandbox::User=root', ...args], {
    cwd,
    env: { ...process.env, LC_ALL: 'C' },
    maxBuffer: 64 * 1024 * 1024,
  });
}

/** redis-tools, whose one binary is also the server, and the libraries it needs that the machine does not have. */
async function packagesToFetch(work: string, options: readonly string[]): Promise<string[]> {
  const only = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'].map((kind) => `--no-${kind}`);
  const { stdout } = await apt('apt-cache', [...options, 'depends', '--recurse', ...only, 'redis-tools'], work);
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
function readDepends(text: string): ReadonlyMap<string, readonly string[]> {
  const packages = new Map<string, string[]>();
  let list: string[] = [];
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

async function assemble(work: string): Promise<void> {
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
