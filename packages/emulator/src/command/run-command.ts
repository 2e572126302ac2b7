import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** A command that cannot be run; `exitCode` is what a shell would answer. */
class CommandNotRun extends Error {
  override readonly name = 'CommandNotRun';
  readonly exitCode: number;

  constructor(command: string, cause: NodeJS.ErrnoException) {
    const missing = cause.code === 'ENOENT';
    super(
      missing
        ? `there is no command ${command}: check its name and PATH.`
        : `the command ${command} cannot be run (${cause.code}): check its rights.`,
      { cause },
    );
    this.exitCode = missing ? 127 : 126;
  }
}

/** A terminal sends SIGINT to everybody: a second one from here would break off a command that is ending. */
const passedOn = (signal: NodeJS.Signals): boolean =>
  signal !== 'SIGINT' || ![process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);

/** Runs a command with our input and output until it exits. It gets the signal of `stopped`. Answers its exit code, as a shell does. */
export async function runCommand(
  [command = '', ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
  stopped: Promise<NodeJS.Signals>,
): Promise<number> {
  const child = spawn(command, args, {
    stdio: 'inherit',
    env: { ...process.env, ...env },
    // `npm` is a script there, which only a shell can run.
    shell: process.platform === 'win32',
  });
  void stopped.then((signal) => passedOn(signal) && child.kill(signal));
  return await new Promise<number>((resolve, reject) => {
    child.once('error', (cause) => reject(new CommandNotRun(command, cause)));
    child.once('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']));
  });
}
