import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { isExecutable, onPath } from './on-path.ts';

const run = promisify(execFile);

/** How people get one. */
export const advice =
  'install Redis 7 or newer (Debian, Ubuntu: apt-get install redis-server; macOS: brew install redis) or set REDIS_SERVER to the path of one';

/** The one that the variable REDIS_SERVER names, or that is on PATH. */
export function findRedisProgram(): string | undefined {
  const named = process.env['REDIS_SERVER'];
  // A server runs in a folder of its own, from which a relative path leads elsewhere.
  return named ? resolve(named) : (onPath('redis-server') ?? onPath('valkey-server'));
}

/** The one that is given, or that is found. Throws a sentence that says what to do where there is none. */
export function redisProgram(given: string | undefined): string {
  const program = given ?? findRedisProgram();
  if (program === undefined) throw new Error(`No redis-server: ${advice}.`);
  if (isExecutable(program)) return program;
  throw new Error(`No redis-server: ${program} is no program that may run: ${advice}.`);
}

/** Rejects with `otherwise`, the cause and the remedy where this is no server that runs. */
export async function checkRuns(program: string, otherwise: string, remedy: string = advice): Promise<void> {
  try {
    const { stdout } = await run(program, ['--version']);
    if (!/server/i.test(stdout)) throw new Error('it is no Redis server');
  } catch (error) {
    throw new Error(`${otherwise} (${firstLine(error)}): ${remedy}`, { cause: error });
  }
}

export function firstLine(error: unknown): string {
  const { stderr, message = String(error) } = error as { stderr?: string; message?: string };
  return (stderr || message).trim().split('\n')[0] ?? '';
}
