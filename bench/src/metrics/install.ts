import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { figuresOf, type Samples } from '../figures/figures.ts';
import type { Metric } from '../figures/types.ts';
import { versionOf } from '../figures/version-of.ts';

const folderOf = (name: string): string => dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));

/** Bytes of the tarball that npm would publish of an installed package. */
function packed(name: string): number {
  const answer = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts', folderOf(name)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const parsed = JSON.parse(answer) as { size: number }[] | Record<string, { size: number }>;
  return Object.values(parsed)[0]?.size ?? Number.NaN;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}

interface Installed {
  readonly bytes: number;
  readonly packages: number;
}

/** What an install into an empty folder adds, without the Redis client, which both sides need. */
function installed(tarballs: readonly string[]): Installed {
  const folder = mkdtempSync(join(tmpdir(), 'entra-redis-install-'));
  try {
    const flags = ['--no-audit', '--no-fund', '--legacy-peer-deps', '--silent', '--prefix', folder];
    execFileSync('npm', ['install', ...flags, ...tarballs], { stdio: 'ignore', cwd: folder });
    const files = filesBelow(join(folder, 'node_modules'));
    const manifests = files.filter((file) => /node_modules\/(@[^/]+\/)?[^/@]+\/package\.json$/.test(file));
    return { bytes: files.reduce((sum, file) => sum + statSync(file).size, 0), packages: manifests.length };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Tarballs of ours, packed by pnpm so that workspace ranges become versions. */
function tarballsOf(names: readonly string[], folder: string): string[] {
  for (const name of names)
    execFileSync('pnpm', ['pack', '--pack-destination', folder], { cwd: folderOf(name), stdio: 'ignore' });
  return readdirSync(folder).map((file) => join(folder, file));
}

function startInstall(adapter: string): Samples<Installed> {
  const folder = mkdtempSync(join(tmpdir(), 'entra-redis-tarballs-'));
  const tarballs = tarballsOf(['@entra-redis/token-manager', `@entra-redis/${adapter}`], folder);
  return {
    ours: async () => installed(tarballs),
    peer: async () => installed([`@redis/entraid@${versionOf('@redis/entraid')}`]),
    close: async () => rmSync(folder, { recursive: true }),
  };
}

export const packedSize: Metric = {
  name: 'token-manager/packed-size',
  unit: 'bytes of tarball',
  peerName: 'goal of 40 kB',
  goal: '<= 1',
  runs: 1,
  start: async () => ({ ours: async () => packed('@entra-redis/token-manager'), peer: async () => 40_000 }),
};

const install = (adapter: 'ioredis' | 'node-redis'): Metric[] =>
  figuresOf(
    async () => startInstall(adapter),
    [
      {
        name: `install/size/${adapter}`,
        unit: 'bytes in node_modules, beside the client',
        peerName: '@redis/entraid',
        goal: '<= 200 kB',
        runs: 1,
        pick: ({ bytes }) => bytes,
      },
      {
        name: `install/packages/${adapter}`,
        unit: 'packages, beside the client',
        peerName: '@redis/entraid',
        goal: 'recorded',
        runs: 1,
        pick: ({ packages }) => packages,
      },
    ],
  );

export const installs: readonly Metric[] = [...install('ioredis'), ...install('node-redis')];
