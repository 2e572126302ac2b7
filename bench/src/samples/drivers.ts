import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stdioDriver, type Driver, type RunningTarget, targets } from '@entra-redis/conformance';

/** Clients as the conformance suite drives them: ours, and the peers that stand beside it. Each is a process of its own. */
export const driverCommands = {
  ioredis: ['dist/serve-adapter-driver.js', 'ioredis'],
  'node-redis': ['dist/serve-adapter-driver.js', 'node-redis'],
  '@redis/entraid': ['peers/entraid-6/driver.js'],
  'the ioredis recipe': ['peers/ioredis-recipe/driver.js'],
} as const;
export type DriverName = keyof typeof driverCommands;

const suite = dirname(createRequire(import.meta.url).resolve('@entra-redis/conformance/package.json'));

/** Code of a peer that the suite keeps: it is no part of its package. */
export const importFromSuite = async <Module>(path: string): Promise<Module> =>
  (await import(pathToFileURL(join(suite, path)).href)) as Module;

export function driverOf(name: DriverName): Promise<Driver> {
  const [program, ...args] = driverCommands[name];
  return stdioDriver([process.execPath, join(suite, program), ...args]);
}

/** A real redis-server behind the gate, with an Entra of its own. */
export async function startTarget(lifetimeMs: number): Promise<RunningTarget> {
  const target = targets.find(({ name }) => name === 'redis-standalone');
  if (target === undefined) throw new Error('the suite has no target redis-standalone');
  return await target.start({ lifetimeMs });
}
