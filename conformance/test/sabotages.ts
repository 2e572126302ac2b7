import type { Connection, Credentials, TokenManager } from '@entra-redis/token-manager';
import type { Decorate } from '../src/drivers/managed-application.ts';

/** A copy of `whole` with some members replaced. */
function replaced<T extends object>(whole: T, members: Partial<T>): T {
  return new Proxy(whole, {
    get(target, key) {
      if (key in members) return members[key as keyof T];
      const value = target[key as keyof T];
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

const onConnections =
  (change: (connection: Connection) => Partial<Connection>): Decorate =>
  (manager) =>
    replaced<TokenManager>(manager, {
      register: (connection) => manager.register(replaced(connection, change(connection))),
    });

export interface Sabotage {
  /** Which of the five rules of an adapter (design.md) it breaks. */
  readonly rule: 1 | 2 | 3 | 4 | 5;
  readonly what: string;
  /** A scenario that must notice. */
  readonly noticedBy: string;
  /** Where node-redis cannot be broken like this: its adapter holds AUTH back, and lets go of a client, by other means as well. */
  readonly only?: 'ioredis';
  readonly decorate: Decorate;
}

export const sabotages: readonly Sabotage[] = [
  {
    rule: 1,
    what: 'every handshake uses the first token',
    noticedBy: 'connect/fresh-on-reconnect',
    decorate: (manager) => {
      const first = manager.credentials();
      let known: Credentials | undefined;
      first.then(
        (credentials) => (known = credentials),
        () => undefined,
      );
      return replaced<TokenManager>(manager, {
        credentials: () => first,
        get current() {
          return manager.current && known;
        },
      });
    },
  },
  {
    rule: 2,
    what: 'a refresh sends AUTH twice',
    noticedBy: 'reauth/one-auth',
    decorate: onConnections((connection) => ({
      authenticate: async (credentials) => {
        await connection.authenticate(credentials);
        await connection.authenticate(credentials);
      },
    })),
  },
  {
    rule: 2,
    what: 'a refresh sends no AUTH',
    noticedBy: 'reauth/one-auth',
    decorate: onConnections(() => ({ authenticate: async () => undefined })),
  },
  {
    rule: 2,
    what: 'AUTH goes into a MULTI',
    noticedBy: 'reauth/manual-multi',
    only: 'ioredis',
    decorate: onConnections(() => ({ canAuthenticate: () => true })),
  },
  {
    rule: 3,
    what: 'a refused login is not passed on',
    noticedBy: 'connect/refused',
    decorate: (manager) => replaced<TokenManager>(manager, { reject: () => undefined }),
  },
  {
    rule: 4,
    what: 'a closed client is never released',
    noticedBy: 'reauth/close-frees',
    only: 'ioredis',
    decorate: (manager) =>
      replaced<TokenManager>(manager, {
        register: (connection) =>
          replaced(manager.register(connection), { release: () => undefined, disconnected: () => undefined }),
      }),
  },
  {
    rule: 5,
    what: 'a timer keeps the process alive',
    noticedBy: 'reauth/close-unsubscribes',
    decorate: (manager) => {
      setInterval(() => undefined, 1_000_000);
      return manager;
    },
  },
];
