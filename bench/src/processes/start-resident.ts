import { type ChildProcess, fork } from 'node:child_process';
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
  await answer(child);
  return {
    async run() {
      child.send('run');
      const { result, error } = await answer<ResidentResult<Name>>(child);
      if (error !== undefined) throw new Error(`${name}: ${error}`);
      return result as ResidentResult<Name>;
    },
    async close() {
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}

function answer<Result>(child: ChildProcess): Promise<Message<Result>> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`a measuring process ended with code ${code}`));
    child.once('exit', onExit);
    child.once('message', (message) => {
      child.off('exit', onExit);
      resolve(message as Message<Result>);
    });
  });
}
