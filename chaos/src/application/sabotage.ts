import type { Session } from '@entra-redis/conformance';
import type { TokenManager } from '@entra-redis/token-manager';

/** What `--sabotage` makes the application do wrong. What must be noticed of it: `../sabotage.ts`. */
export class Sabotage {
  #manager: TokenManager | undefined;

  readonly watch = (manager: TokenManager): TokenManager => {
    this.#manager = manager;
    return manager;
  };

  /** Throws one message in ten away. */
  losing(deliver: (message: string) => void): (message: string) => void {
    let count = 0;
    return (message) => {
      count += 1;
      if (count % 10 !== 0) deliver(message);
    };
  }

  /** All but one. */
  closing<T>(clients: readonly T[]): readonly T[] {
    return clients.slice(1);
  }

  /** Sends AUTH with the token that the connections have, prints it, and leaves a rejection to nobody. */
  async misbehave(sessions: readonly Session[]): Promise<void> {
    const credentials = await this.#manager?.credentials();
    if (credentials === undefined) throw new Error('there is no token manager to sabotage');
    const { username, password } = credentials;
    for (const session of sessions) await session.command('AUTH', username, password);
    console.log(password);
    void Promise.reject(new Error('sabotage'));
  }
}
