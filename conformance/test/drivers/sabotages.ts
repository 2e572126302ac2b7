import type { Connection, Credentials, TokenManager } from '@entra-redis/token-manager';
import type { Application, Driver, Session } from '../../src/driver/driver.ts';
import type { Decorate, Managing } from '../../src/drivers/managed-application.ts';

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

type ChangeDriver = (driver: Driver) => Driver;

const onApplications =
  (change: (application: Application) => Partial<Application>): ChangeDriver =>
  (driver) => ({
    ...driver,
    start: async (options) => {
      const application = await driver.start(options);
      return replaced(application, change(application));
    },
  });

const onSessions = (change: (session: Session) => Partial<Session>): ChangeDriver =>
  onApplications((application) => ({
    open: async (endpoint, options) => {
      const session = await application.open(endpoint, options);
      return replaced(session, change(session));
    },
  }));

/** One message in ten does not arrive. */
const losesMessages = onSessions((session) => ({
  subscribe: (channel, onMessage, kind) => {
    let count = 0;
    const onSome = (message: string): void => {
      count += 1;
      if (count % 10 !== 0) onMessage(message);
    };
    return session.subscribe(channel, onSome, kind);
  },
}));

/** What comes before the tenth SET. */
const beforeTenthSet = (what: () => Promise<unknown>): ChangeDriver =>
  onSessions((session) => {
    let sets = 0;
    return {
      command: async (...args) => {
        if (args[0] === 'SET' && (sets += 1) === 10) await what();
        return session.command(...args);
      },
    };
  });

/** What a client without a hand-over declares. */
const withoutHandOver: ChangeDriver = (driver) => ({
  ...driver,
  capabilitiesIn: {},
  capabilities: {
    ...driver.capabilities,
    'resp2-subscriber-lossless': { supported: false, because: 'a test says so' },
  },
});

export interface Sabotage {
  /** Which of the five rules of an adapter (CONTRIBUTING.md) it breaks, or what else is promised. */
  readonly rule: 1 | 2 | 3 | 4 | 5 | 'commands' | 'messages' | 'secrets' | 'TLS' | 'spread';
  readonly what: string;
  /** A scenario that must notice. */
  readonly noticedBy: string;
  /** What it must say: a scenario that fails for another reason has noticed nothing. */
  readonly says: RegExp;
  /** Default: `fake`. */
  readonly target?: string;
  /** Where node-redis cannot be broken like this: its adapter holds AUTH back, and lets go of a client, by other means as well. */
  readonly only?: 'ioredis';
  readonly managing?: Managing;
  readonly driver?: ChangeDriver;
}

export const sabotages: readonly Sabotage[] = [
  {
    rule: 1,
    what: 'every handshake uses the first token',
    noticedBy: 'connect/fresh-on-reconnect',
    says: /a login with an older token/,
    managing: {
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
  },
  {
    rule: 2,
    what: 'a refresh sends AUTH twice',
    noticedBy: 'reauth/one-auth',
    // The second AUTH of the last refresh may come after the scenario has counted.
    says: /[34] !== 2|did not log in once with each token|: 2 logins/,
    managing: {
      decorate: onConnections((connection) => ({
        authenticate: async (credentials) => {
          await connection.authenticate(credentials);
          await connection.authenticate(credentials);
        },
      })),
    },
  },
  {
    rule: 2,
    what: 'a refresh sends no AUTH',
    noticedBy: 'reauth/one-auth',
    says: /0 !== \d|2 token rotations|a login of every connection with the newest token/,
    managing: { decorate: onConnections(() => ({ authenticate: async () => undefined })) },
  },
  {
    rule: 2,
    what: 'AUTH goes into a MULTI',
    noticedBy: 'reauth/manual-multi',
    says: /'OK',\n\+ {3}'OK'|between MULTI and/,
    only: 'ioredis',
    managing: { decorate: onConnections(() => ({ canAuthenticate: () => true })) },
  },
  {
    rule: 3,
    what: 'a refused login is not passed on',
    noticedBy: 'connect/refused',
    says: /a login with another token|one forced by the refusal/,
    managing: { decorate: (manager) => replaced<TokenManager>(manager, { reject: () => undefined }) },
  },
  {
    rule: 4,
    what: 'a closed client is never released',
    noticedBy: 'reauth/close-frees',
    says: /5 closed clients are still in memory/,
    only: 'ioredis',
    managing: {
      decorate: (manager) =>
        replaced<TokenManager>(manager, {
          register: (connection) =>
            replaced(manager.register(connection), { release: () => undefined, disconnected: () => undefined }),
        }),
    },
  },
  {
    rule: 4,
    what: 'what the adapter knew of a closed client stays in memory',
    noticedBy: 'reauth/close-frees',
    says: /closed clients are still in memory/,
    managing: {
      decorate: (manager) => {
        const kept: object[] = [];
        const register: TokenManager['register'] = (connection) => {
          kept.push(connection);
          return manager.register(connection);
        };
        return Object.assign(replaced<TokenManager>(manager, { register }), { kept });
      },
    },
  },
  {
    rule: 4,
    what: 'close() closes nothing',
    noticedBy: 'reauth/close-unsubscribes',
    says: /the connections of the others are gone/,
    driver: onSessions(() => ({ close: async () => undefined })),
  },
  {
    rule: 5,
    what: 'a timer keeps the process alive',
    noticedBy: 'reauth/close-unsubscribes',
    says: /the process of the driver .* did not exit/,
    managing: {
      decorate: (manager) => {
        setInterval(() => undefined, 1_000_000);
        return manager;
      },
    },
  },
  {
    rule: 'commands',
    what: 'a command is rejected',
    noticedBy: 'life/commands',
    says: /^a sabotage rejects it$/,
    driver: beforeTenthSet(() => Promise.reject(new Error('a sabotage rejects it'))),
  },
  {
    rule: 'commands',
    what: 'the renewal of a lock comes too late',
    noticedBy: 'life/lock',
    says: /somebody else got the lock|the lock was lost|the lock is not its owner's/,
    // Later than the lock is held, as behind an AUTH that blocks the client.
    driver: beforeTenthSet(() => new Promise((resolve) => setTimeout(resolve, 3000))),
  },
  {
    rule: 'messages',
    what: 'one message in ten of a RESP2 subscriber is lost',
    noticedBy: 'reauth/subscriber-resp2',
    says: /^channel\b/,
    driver: losesMessages,
  },
  {
    rule: 'messages',
    what: 'one message in ten is lost by a subscriber that declares its reconnects',
    noticedBy: 'reauth/subscriber-resp2',
    says: /lost while no reconnect was under way/,
    driver: (driver) => withoutHandOver(losesMessages(driver)),
  },
  {
    rule: 'messages',
    what: 'one message in ten of a RESP3 subscriber is lost',
    noticedBy: 'reauth/subscriber-resp3',
    says: /every message of the channel/,
    driver: losesMessages,
  },
  {
    rule: 'secrets',
    what: 'an event shows the token that was refused',
    noticedBy: 'reauth/no-leak',
    says: /a part of a token was shown/,
    managing: {
      decorate: (manager) =>
        replaced<TokenManager>(manager, {
          subscribe: (listener) =>
            manager.subscribe((event) => {
              if (event.type === 'reauthentication-failed') event.error.message += ` ${manager.current?.password}`;
              listener(event);
            }),
        }),
    },
  },
  {
    rule: 'TLS',
    what: 'a token goes to any host in plain text',
    noticedBy: 'connect/tls-required',
    says: /a token was sent in plain text/,
    // As a user whose host were loopback.
    driver: onApplications((application) => ({
      open: (endpoint, options) =>
        application.open(endpoint.host === '0.0.0.0' ? { ...endpoint, host: '127.0.0.1' } : endpoint, options),
    })),
  },
  {
    rule: 'TLS',
    what: 'certificates are not verified',
    noticedBy: 'connect/tls-node-addresses',
    says: /an error of verification|a client logged in to a host it could not verify/,
    target: 'fake-cluster',
    driver: (driver) => {
      process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
      return driver;
    },
  },
  {
    rule: 'spread',
    what: 'all connections send AUTH within 140 ms',
    noticedBy: 'reauth/spread',
    says: /of \d+ within 100 ms/,
    managing: { options: { reauthWindowMs: 140 } },
  },
];
