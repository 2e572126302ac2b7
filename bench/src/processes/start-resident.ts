import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ResidentName, ResidentOptions, ResidentResult } from '../residents/index.ts';

const program = fileURLToPath(new URL('./resident.js', import.meta.url));

interface Message<Result> {
  readonly result?: Result;
  readonly error?: string;
}

/** A process that stays between its runs: for what takes long to set up. */
export interface Resident<Result> {
  run(): Promise<Result>;
  close(): Promise<void>;
}

export async function startResident<Name extends ResidentName>(
  name: Name,
  options: ResidentOptions<Name>,
): Promise<Resident<ResidentResult<Name>>> {
  const child = fork(program, [name, JSON.stringify(options)], { execArgv: ['--expose-gc', '--no-warnings'] });
  const ended = once(child, 'exit').then(([code, signal]) =>
    Promise.reject(new Error(`${name}: a measuring process ended with ${signal ?? `code ${code}`}`)),
  );
  ended.catch(() => undefined);
  // A message that does not reach it: its end tells.
  child.on('error', () => undefined);
  const answer = async (): Promise<Message<ResidentResult<Name>>> =>
    (await Promise.race([once(child, 'message'), ended]))[0];
  await answer();
  return {
    async run() {
      child.send('run');
      const { result, error } = await answer();
      if (error !== undefined) throw new Error(`${name}: ${error}`);
      return result as ResidentResult<Name>;
    },
    async close() {
      if (child.connected) child.disconnect();
      await ended.catch(() => undefined);
    },
  };
}
