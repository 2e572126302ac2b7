import type { Credentials, Registration } from '../../src/index.ts';
import { FakeConnection, type Pending } from './fake-connection.ts';
import { type Bench, bench, minute } from './bench.ts';

/** One connection of the fleet, with what its server knows: it cuts the socket when the token expires that logged in last. */
export class Member {
  readonly connection: FakeConnection;
  readonly registration: Registration;
  /** Its client closed it for good. */
  closed = false;
  connected = false;
  /** The token that the server knows, and its expiry. */
  login: { password: string; expiresAt: number } | undefined;
  /** Something stood in the way of an AUTH since the server last accepted one. */
  troubled = false;
  /** AUTHs of former sockets: their answers come late. */
  readonly late: Pending[] = [];
  readonly #fleet: Fleet;
  #cancelCut: () => void = () => undefined;
  /** Counts the sockets: an answer of a former one is nobody's. */
  #socket = 0;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
    this.connection = new FakeConnection(() => fleet.world.clock.now());
    const authenticate = this.connection.authenticate.bind(this.connection);
    this.connection.authenticate = async (credentials) => {
      this.#check(credentials.password);
      if (this.connection.script.length > 0) this.troubled = true;
      const socket = this.#socket;
      await authenticate(credentials);
      if (socket === this.#socket) this.#accept(credentials);
    };
    this.registration = fleet.world.manager.register(this.connection);
  }

  connect(credentials: Credentials): void {
    if (this.closed) return;
    this.#socket += 1;
    this.connected = true;
    this.#accept(credentials);
    this.registration.authenticated(credentials);
  }

  disconnect(): void {
    this.#socket += 1;
    this.connected = false;
    this.login = undefined;
    this.late.push(...this.connection.pending.splice(0));
    this.connection.script.length = 0;
    this.connection.free = true;
    this.#cancelCut();
    this.registration.disconnected();
  }

  close(): void {
    this.disconnect();
    this.closed = true;
    this.registration.release();
  }

  park(): void {
    this.connection.free = false;
    this.troubled = true;
  }

  resume(): void {
    this.connection.free = true;
    this.registration.resume();
  }

  #accept({ password, expiresAt }: Credentials): void {
    this.login = { password, expiresAt };
    this.troubled = !this.connection.free;
    const { clock } = this.#fleet.world;
    this.#cancelCut();
    this.#cancelCut = clock.schedule(expiresAt - clock.now(), () => {
      const { newest } = this.#fleet;
      if (!this.troubled && newest.password !== password && newest.at < expiresAt - 3 * minute)
        this.#fleet.violate('a connection was cut that could have taken the newest token');
      this.disconnect();
    });
  }

  /** What holds of every AUTH, whatever happened before. */
  #check(password: string): void {
    const { manager } = this.#fleet.world;
    const wrong = this.closed || this.#fleet.closed ? 'after close' : !this.connected ? 'while offline' : undefined;
    if (wrong !== undefined) this.#fleet.violate(`an AUTH ${wrong}`);
    if (!this.connection.free) this.#fleet.violate('an AUTH inside MULTI');
    if (this.connection.pending.length > 0) this.#fleet.violate('a second AUTH before the first was answered');
    if (this.login?.password === password) this.#fleet.violate('a second AUTH of one token on one connection');
    if (manager.current !== undefined && manager.current.password !== password)
      this.#fleet.violate('an AUTH of an old token');
  }
}

/** A manager and the connections of an application. */
export class Fleet {
  readonly world: Bench = bench();
  readonly members: Member[] = [];
  readonly violations: string[] = [];
  closed = false;
  /** The newest token, and when it came. */
  newest: { readonly at: number; readonly password: string } = { at: Infinity, password: '' };

  constructor() {
    this.world.manager.subscribe((event) => {
      if (event.type !== 'token') return;
      this.newest = { at: this.world.clock.now(), password: event.credentials.password };
    });
  }

  violate(what: string): void {
    this.violations.push(what);
  }

  /** What holds at every instant: who could take the newest token has it by the margin. */
  check(): void {
    const { clock, manager } = this.world;
    for (const { connected, troubled, login } of this.members) {
      if (login === undefined || !connected || troubled || manager.current === undefined) continue;
      if (clock.now() >= login.expiresAt - 3 * minute && login.password !== manager.current.password)
        this.violate('an old token past the margin');
    }
    if (this.violations.length > 0) throw new Error(this.violations.join(', '));
  }
}
