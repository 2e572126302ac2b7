import { type Program, theLauncher } from './launcher.ts';

/** One life of a server's process. */
export interface ServerProcess {
  readonly pid: number;
  readonly exited: Promise<void>;
  /** The last lines that it wrote, for people; once it is gone. */
  output(): string;
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  /** Resolves when it is gone. */
  readonly kill: () => Promise<void>;
}

/** It keeps no process alive, and ends with this one, however that ends. */
export async function startProcess(program: Program): Promise<ServerProcess> {
  const { pid, ended, kill } = await theLauncher().start(program);
  let output: string | undefined;
  const exited = ended.then((text) => {
    output = text;
  });
  return {
    pid,
    exited,
    output: () => output ?? '',
    signal: (name) => void (output === undefined && process.kill(pid, name)),
    kill,
  };
}
