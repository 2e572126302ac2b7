import { spawn } from 'node:child_process';

export interface RunOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
}

export class CommandFailed extends Error {
  readonly output: string;

  constructor(command: string, how: string, output: string) {
    super(`${command}: ${how}\n${lastLines(output)}`);
    this.name = 'CommandFailed';
    this.output = output;
  }
}

/** Something that is not as it must be; its message says what to do. */
export class Problem extends Error {
  override readonly name = 'Problem';
}

/** Runs a command without a shell; resolves to what it printed on stdout, rejects with the end of all it printed. */
export function run(command: string, args: readonly string[], options: RunOptions): Promise<string> {
  const { cwd, env = process.env, timeoutMs = 240_000 } = options;
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs });
  let stdout = '';
  let all = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    all += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (all += text));
  const shown = [command, ...args].join(' ');
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new CommandFailed(shown, error.message, all)));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(stdout);
      else reject(new CommandFailed(shown, signal === null ? `exit code ${code}` : `ended by ${signal}`, all));
    });
  });
}

const lastLines = (text: string): string => text.trim().split('\n').slice(-40).join('\n');
