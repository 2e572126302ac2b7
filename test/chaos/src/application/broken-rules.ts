import type { Session } from '@entra-redis/conformance';
import type { TokenManager } from '@entra-redis/token-manager';
import type { Caller } from './caller.ts';
import { replaced } from './replaced.ts';

/** What `--sabotage` makes the application do wrong. What must be noticed of it: `../judge/sabotage.ts`. */
export class Sabotage {
  #manager: TokenManager | undefined;

  readonly watch = (manager: TokenManager): TokenManager => {
    this.#manager = manager;
    return withoutDeadlines(manager);
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

  /** Gives one ECHO in twenty another answer. */
  confusing(session: Session): Session {
    let count = 0;
    const command = async (...args: string[]): Promise<unknown> => {
      const reply = await session.command(...args);
      if (args[0] === 'ECHO') count += 1;
      return args[0] === 'ECHO' && count % 20 === 0 ? 'sabotage' : reply;
    };
    return replaced(session, { command });
  }

  /** Sends AUTH with the token that the connections have, prints it, fails a command, and leaves a rejection to nobody. */
  async misbehave(callers: readonly Caller[]): Promise<void> {
    const credentials = await this.#manager?.credentials();
    if (credentials === undefined) throw new Error('there is no token manager to sabotage');
    const { username, password } = credentials;
    for (const caller of callers) {
      await caller.session.command('AUTH', username, password);
      await caller.ask('sabotage', () => Promise.reject(new Error('sabotage')));
    }
    console.log(password);
    void Promise.reject(new Error('sabotage'));
  }
}

/** Connections are not told that their AUTH has no answer, nor asked whether something blocks it: the server cuts them. */
const withoutDeadlines = (manager: TokenManager): TokenManager =>
  replaced<TokenManager>(manager, {
    register: (connection) => manager.register(replaced(connection, { onDeadline: undefined, isBlocked: undefined })),
  });
