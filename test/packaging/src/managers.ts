import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { run } from '../../../scripts/run.ts';
import type { Registry } from './registry.ts';

export interface PackageManager {
  readonly name: string;
  /** Installs what the project's package.json names. */
  install(project: string): Promise<void>;
  /** The command line that runs this program of this project under that Node. */
  node(project: string, binary: string, program: string): readonly [string, ...string[]];
  /** The command line of an installed package's own command. */
  exec(command: string, ...args: readonly string[]): readonly [string, ...string[]];
}

const yarnProgram = createRequire(import.meta.url).resolve('@yarnpkg/cli-dist/bin/yarn.js');

/** npm, pnpm and yarn (4, with Plug'n'Play: a package that uses what it does not declare fails there), strict about peers. */
export function packageManagers(registry: Registry, caches: string): readonly PackageManager[] {
  const env = { ...cleanEnvironment(), NPM_CONFIG_USERCONFIG: registry.npmrc };
  const plain = (_project: string, binary: string, program: string): readonly [string, string] => [binary, program];
  return [
    {
      name: 'npm',
      install: async (project) => {
        const args = ['install', '--strict-peer-deps', '--no-audit', '--no-fund', '--cache', join(caches, 'npm')];
        await run('npm', args, { cwd: project, env });
      },
      node: plain,
      exec: (command, ...args) => ['npm', 'exec', '--offline', '--', command, ...args],
    },
    {
      name: 'pnpm',
      install: async (project) => {
        writeFileSync(join(project, 'pnpm-workspace.yaml'), pnpmConfig);
        await run('pnpm', ['install', '--store-dir', join(caches, 'pnpm'), '--loglevel=warn'], { cwd: project, env });
      },
      node: plain,
      exec: (command, ...args) => ['pnpm', 'exec', command, ...args],
    },
    {
      name: 'yarn',
      install: async (project) => {
        writeFileSync(join(project, '.yarnrc.yml'), yarnConfig(registry, join(caches, 'yarn')));
        writeFileSync(join(project, 'yarn.lock'), '');
        await run(process.execPath, [yarnProgram, 'install'], { cwd: project, env });
      },
      // As `yarn node` does, without the second that it takes.
      node: (project, binary, program) => {
        const loader = pathToFileURL(join(project, '.pnp.loader.mjs')).href;
        return [binary, '--require', join(project, '.pnp.cjs'), '--experimental-loader', loader, program];
      },
      exec: (command, ...args) => [process.execPath, yarnProgram, 'exec', command, ...args],
    },
  ];
}

// What was published a second ago is new enough here.
const pnpmConfig = `strictPeerDependencies: true
minimumReleaseAge: 0
# Bun's install script only puts its binary into place; what has another works without it.
allowBuilds: { bun: true }
strictDepBuilds: false
# ioredis-mock knows ioredis 5, and works with 6.
peerDependencyRules: { allowedVersions: { ioredis-mock>ioredis: "6", "@types/ioredis-mock>ioredis": "6" } }
`;

const yarnConfig = (registry: Registry, folder: string): string => `npmRegistryServer: "${registry.url}"
unsafeHttpWhitelist: ["127.0.0.1"]
globalFolder: "${folder}"
enableTelemetry: false
enableImmutableInstalls: false
npmMinimalAgeGate: 0
# A peer that is missing or does not fit fails the installation.
logFilters: [{ pattern: "*peer*", level: "error" }]
`;

/** This process' environment without what npm and pnpm put there for the scripts that they run. */
export function cleanEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^p?npm_/i.test(name)));
}
