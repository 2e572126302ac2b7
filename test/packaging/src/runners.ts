import type { Check } from './checks.ts';
import { Problem, run } from '../../../scripts/run.ts';
import type { Machine } from './logins.ts';
import { cleanEnvironment } from './managers.ts';
import type { Project } from './projects.ts';

/** A command of a project, in the words of the support tables. */
interface Run {
  readonly way: string;
  readonly clients: readonly string[];
  readonly command: readonly [string, ...string[]];
  /** What it prints in the end; a test runner says by its exit code. */
  readonly prints?: string;
}

const both = ['ioredis 6', 'redis 6'];

const jest = (major: string, ioredis: string): Run[] =>
  Object.entries({
    logins: { as: 'ts-jest, CommonJS', clients: [ioredis, 'redis 6', 'emulator'] },
    modules: { as: 'resetModules', clients: [ioredis, 'redis 6', 'emulator'] },
    bullmq: { as: 'BullMQ 5 with its own ioredis', clients: ['ioredis 5'] },
    doubles: { as: 'ioredis-mock 8', clients: [ioredis] },
    page: { as: 'the test of docs/testing.md', clients: ['redis 6', 'emulator'] },
  }).map(([file, { as, clients }]) => ({
    way: `Jest ${major}, ${as}`,
    clients,
    command: ['jest', '--config', 'jest.config.json', `${file}.test.ts`],
  }));

const rotations = (way: string, ...command: [string, ...string[]]): Run[] => rotationsOf(both, way, ...command);

const rotationsOf = (clients: readonly string[], way: string, ...command: [string, ...string[]]): Run[] =>
  clients.map((client) => ({
    way,
    clients: [client],
    command: [...command, client.startsWith('ioredis') ? 'ioredis' : 'node-redis'],
    prints: 'PONG',
  }));

/** By the name of a project in consumers/. */
const runs: Readonly<Record<string, readonly Run[]>> = {
  'jest-29': jest('29', 'ioredis 5'),
  'jest-30': jest('30', 'ioredis 6'),
  runners: [
    { way: 'Vitest 5', clients: [...both, 'emulator'], command: ['vitest', 'run'] },
    ...rotations('tsx 4, ES module, a rotation', 'tsx', 'rotation.mts'),
    ...rotations('tsx 4, CommonJS, a rotation', 'tsx', 'rotation.cts'),
  ],
  runtimes: [
    // Bun does not announce sockets, and node-redis' adapter sends no token into one that it does not know.
    ...rotationsOf(['ioredis 6'], 'Bun 1.4, a rotation', 'bun', 'rotation.mts'),
    ...rotations('Deno 2.9, a rotation', 'deno', 'run', '--allow-all', 'rotation.mts'),
  ],
};

export function runnerChecks(project: Project, { azure }: Machine): Check[] {
  return (runs[project.kind] ?? []).map(({ way, clients, command, prints }) => ({
    name: `${command.join(' ')}, ${project.title}`,
    proves: { way, clients },
    run: async () => {
      const [program, ...args] = project.manager.exec(...command);
      const env = { ...cleanEnvironment(), ...azure };
      const output = await run(program, args, { cwd: project.folder, env, timeoutMs: 120_000 });
      if (prints !== undefined && output.trim() !== prints) throw new Problem(`It printed "${output.trim()}".`);
    },
  }));
}
