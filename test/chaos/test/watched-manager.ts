import type { Connection, Credentials, TokenManager } from '@entra-redis/token-manager';
import { replaced } from '../src/application/replaced.ts';

/** A token manager, and what the clients have of it: whatever they take, they must give back. */
export class WatchedManager {
  readonly manager: TokenManager;
  registrations = 0;
  /** So far. */
  registered = 0;
  /** Calls of `credentials()` that have not settled. */
  waiting = 0;

  constructor(manager: TokenManager) {
    this.manager = replaced<TokenManager>(manager, {
      register: (connection) => this.#register(manager, connection),
      credentials: (options) => this.#credentials(manager, options),
    });
  }

  #register(manager: TokenManager, connection: Connection): ReturnType<TokenManager['register']> {
    const registration = manager.register(connection);
    const release = registration.release.bind(registration);
    this.registrations += 1;
    this.registered += 1;
    let held = true;
    registration.release = () => {
      if (held) this.registrations -= 1;
      held = false;
      release();
    };
    return registration;
  }

  #credentials(manager: TokenManager, options?: { signal?: AbortSignal }): Promise<Credentials> {
    this.waiting += 1;
    return manager.credentials(options).finally(() => {
      this.waiting -= 1;
    });
  }
}
