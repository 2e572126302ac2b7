import { type ChildProcess, spawn } from 'node:child_process';
import { endWithParent, unrefStream } from './guard.ts';

/** One life of a server's process. */
export interface ServerProcess {
  readonly pid: number;
  readonly exited: Promise<void>;
  /** The last lines that it wrote, for people. */
  output(): string;
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  /** From now on it keeps no process alive. */
  unref(): void;
  /** Resolves when it is gone. */
  kill(): Promise<void>;
}

export function startProcess(options: {
  readonly program: string;
  readonly args: readonly string[];
  /** Where it runs; removed with it where this process ends first. */
  readonly folder: string;
}): ServerProcess {
  const { program, args, folder } = options;
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const output = collect(child);
  const release = endWithParent(child, folder);
  return {
    pid: child.pid ?? 0,
    exited,
    output,
    signal: (name) => void child.kill(name),
    unref: () => {
      for (const part of [child.stdout, child.stderr]) unrefStream(part);
      child.unref();
    },
    kill: async () => {
      // Its end must be waited for, even where nothing else keeps this process alive.
      child.ref();
      child.kill('SIGKILL');
      await exited;
      release();
    },
  };
}

function collect(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text = `${text}${chunk.toString('utf8')}`.slice(-4096);
    });
  }
  return () => text.trim().split('\n').slice(-3).join(' | ');
}
