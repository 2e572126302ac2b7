import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Azure {
  /** Where the applications log in, and with what. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** The emulator as it was installed in a project: the cache that every application logs in to. */
export async function startAzure(project: string): Promise<Azure> {
  const child = spawn(process.execPath, ['azure.mjs'], { cwd: project, stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, 'line'), exited.then(() => undefined)]);
  if (first === undefined) throw new Error('The emulator that was installed does not start: see its message above.');
  return {
    env: JSON.parse(String(first[0])) as Record<string, string>,
    close: async () => {
      child.stdin.end();
      await exited;
    },
  };
}
