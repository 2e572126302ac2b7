import type { Connection, Credentials, Registration } from '../../src/index.ts';
import type { Bench } from './bench.ts';

/** An AUTH that has no answer yet. */
export interface Pending {
  readonly credentials: Credentials;
  accept(): void;
  fail(error: Error): void;
}

export const wrongPass = (): Error => new Error('WRONGPASS invalid username-password pair or user is disabled.');
export const timedOut = (): Error => new Error('Command timed out');

/** A connection as an adapter shows it, with its server: it notes every AUTH, and answers as it was told. */
export class FakeConnection implements Connection {
  readonly identity = { client: 'test', address: 'localhost:6380' };
  readonly auths: { readonly at: number; readonly password: string }[] = [];
  readonly deadlines: { readonly at: number; readonly password: string }[] = [];
  /** AUTHs without an answer, oldest first. */
  readonly pending: Pending[] = [];
  /** What the next AUTHs meet; after the last of them every AUTH is accepted. */
  readonly script: (Error | 'wait')[] = [];
  /** False: inside MULTI, a RESP2 subscriber, or blocked. */
  free = true;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  canAuthenticate(): boolean {
    return this.free;
  }

  authenticate(credentials: Credentials): Promise<void> {
    this.auths.push({ at: this.#now(), password: credentials.password });
    const next = this.script.shift();
    if (next instanceof Error) return Promise.reject(next);
    if (next === undefined) return Promise.resolve();
    return new Promise<void>((accept, fail) => this.pending.push({ credentials, accept, fail }));
  }

  onDeadline({ password }: Credentials): void {
    this.deadlines.push({ at: this.#now(), password });
  }

  get passwords(): string[] {
    return this.auths.map(({ password }) => password);
  }
}

export interface LoggedIn {
  readonly connection: FakeConnection;
  readonly registration: Registration;
}

/** A registered connection whose handshake was accepted. */
export async function logIn({ manager, clock }: Pick<Bench, 'manager' | 'clock'>): Promise<LoggedIn> {
  const connection = new FakeConnection(() => clock.now());
  const registration = manager.register(connection);
  registration.authenticated(await manager.credentials());
  return { connection, registration };
}
