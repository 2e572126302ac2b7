import type { Session } from '@entra-redis/conformance';
import type { Connection, TokenManager } from '@entra-redis/token-manager';
import type { Caller } from './caller.ts';

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
    return new Proxy(session, {
      get: (_, key) => {
        if (key === 'command') return command;
        const value: unknown = session[key as keyof Session];
        return typeof value === 'function' ? value.bind(session) : value;
      },
    });
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

/** Connections are not told that their AUTH has no answer: the server cuts them. */
function withoutDeadlines(manager: TokenManager): TokenManager {
  const register = (connection: Connection): ReturnType<TokenManager['register']> =>
    manager.register({
      get identity() {
        return connection.identity;
      },
      canAuthenticate: () => connection.canAuthenticate(),
      authenticate: (credentials) => connection.authenticate(credentials),
    });
  return new Proxy(manager, {
    get: (target, key) => {
      if (key === 'register') return register;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
