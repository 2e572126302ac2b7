import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { AccessToken, TokenCredential } from '@entra-redis/token-manager';
import type { CredentialSpec } from '../driver/driver.ts';
import { startOneAtATime } from '../driver/stdio/start-one-at-a-time.ts';

/** Runs in the process: answers each message by a token of the real library. */
const program = `
const [library, name] = process.argv.slice(1);
const identity = await import(library);
const credential = new identity[name]({ disableInstanceDiscovery: true });
process.send({ id: 0 });
process.on('message', async ({ id, scopes, options }) => {
  try {
    process.send({ id, token: await credential.getToken(scopes, options) });
  } catch (error) {
    process.send({ id, error: { name: error.name, message: error.message } });
  }
});
`;

interface Answer {
  readonly id: number;
  readonly token?: AccessToken;
  readonly error?: { readonly name: string; readonly message: string };
}

/** A credential of `@azure/identity` with an environment, and a process-wide cache, of its own. */
export class CredentialProcess implements TokenCredential {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #lastId = 0;

  private constructor({ name, env }: CredentialSpec) {
    const library = pathToFileURL(createRequire(import.meta.url).resolve('@azure/identity')).href;
    this.#process = spawn(process.execPath, ['--input-type=module', '--eval', program, library, name], {
      env,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#process.on('message', (answer: Answer) => {
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
  }

  static start(spec: CredentialSpec): Promise<CredentialProcess> {
    return startOneAtATime(async () => {
      const started = new CredentialProcess(spec);
      await new Promise<void>((resolve, reject) => {
        started.#waiting.set(0, () => resolve());
        started.#process.once('exit', (code) => reject(new Error(`${spec.name}: its process ended with ${code}`)));
      });
      return started;
    });
  }

  async getToken(scopes: string | string[], { claims }: { claims?: string } = {}): Promise<AccessToken> {
    this.#lastId += 1;
    const id = this.#lastId;
    const { token, error } = await new Promise<Answer>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#process.send({ id, scopes, options: claims === undefined ? {} : { claims } });
    });
    if (token !== undefined) return token;
    throw Object.assign(new Error(error?.message), { name: error?.name ?? 'Error' });
  }

  close(): void {
    this.#process.kill();
  }
}
