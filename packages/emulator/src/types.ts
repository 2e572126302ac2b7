/** The contracts of the emulator. Everything listens on loopback, on a free port unless one is given. */
import type { Maintenance } from './policy/maintenance.ts';
import type { WireEntry, WireTimeline } from './timeline/types.ts';

/** Says whether the cache accepts a login: one object serves `startCache` and `startGate`. */
export interface TokenVerifier {
  /**
   * `expiresAt` (epoch ms) is when the cache cuts the connection. `reason` says, for people, why it was refused. A verdict at once
   * keeps a login in one turn with the commands around it, as it is in Redis; a promise holds the connection up until it settles.
   */
  verify(username: string, password: string): Verdict | Promise<Verdict>;
}
/** What an identity may do: everything, or everything that writes nothing. */
export type AccessPolicy = 'owner' | 'reader';
/**
 * Who may use the cache, by object id, as Azure's data access policy assignments do. A valid token of anybody else is refused with
 * WRONGPASS; a reader's writes are answered NOPERM. Default: every valid token is an owner's.
 */
export type AccessPolicies = Readonly<Record<string, AccessPolicy>> | ((objectId: string) => AccessPolicy | undefined);
export type Verdict =
  | { readonly ok: true; readonly objectId: string; readonly expiresAt: number }
  | { readonly ok: false; readonly reason: string };

// ---- Entra -------------------------------------------------------------------------------------------------------

export interface EntraOptions {
  /** Life of the tokens, ms. Default 3,600,000. */
  lifetimeMs?: number;
  /** `refresh_in` in the answers, ms. Default: left out. */
  refreshInMs?: number;
  /** How much later than the token's own `exp` the answers say that it expires, ms. Default 0. */
  statedLaterMs?: number;
  /** Default: random GUIDs and a random secret. */
  tenantId?: string;
  clientId?: string;
  clientSecret?: string;
  /** The `oid` claim. Default: a random GUID. */
  objectId?: string;
  /** Address to listen on. Its names in URLs are `localhost` and 127.0.0.1 for loopback and for all addresses. Default 127.0.0.1. */
  host?: string;
  /** One port for the https authority and the http identity endpoints. Default: a free one. */
  port?: number;
  /** Certificate of the https authority. Default: one for localhost, 127.0.0.1 and `host`. */
  tls?: TlsIdentity;
}

/** What the next token request(s) meet instead of a token. */
export type EntraFault =
  | { kind: 'status'; status: number; retryAfterSeconds?: number; error?: string; description?: string }
  | { kind: 'hang' }
  | { kind: 'delay'; delayMs: number }
  | { kind: 'malformed' }
  | { kind: 'reset' };

export interface EntraRequest {
  readonly at: number;
  readonly source: 'authority' | 'imds' | 'app-service' | 'cli';
  readonly grant: string;
  readonly scope: string;
  readonly outcome: 'token' | EntraFault['kind'] | 'refused';
}

export interface EntraServer extends AsyncDisposable {
  /** `https://localhost:PORT`: `authorityHost` for `@azure/identity` (with `disableInstanceDiscovery: true`). */
  readonly authorityHost: string;
  /** `http://127.0.0.1:PORT`: for AZURE_POD_IDENTITY_AUTHORITY_HOST. */
  readonly imdsHost: string;
  /** App Service: IDENTITY_ENDPOINT and IDENTITY_HEADER. */
  readonly appService: { readonly endpoint: string; readonly header: string };
  /** A PATH on which `az` is a fake one, for `AzureCliCredential`. */
  readonly cli: { readonly path: string };
  /** PEM of the authority that signed the https certificate: for `tlsOptions: { ca }` or NODE_EXTRA_CA_CERTS. */
  readonly ca: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly objectId: string;
  /** The environment that makes `DefaultAzureCredential` (client secret) and managed identity use this server. */
  readonly env: Readonly<Record<string, string>>;
  /** Accepts tokens that this server signed and that have not expired. */
  readonly verifier: TokenVerifier;
  /** Every token request so far. */
  readonly requests: readonly EntraRequest[];
  /** Applies to tokens issued from now on. */
  configure(options: {
    lifetimeMs?: number;
    refreshInMs?: number | undefined;
    statedLaterMs?: number;
    objectId?: string;
  }): void;
  /** The next `times` token requests (default 1; Infinity until `heal`) meet `fault`. */
  fail(fault: EntraFault, times?: number): void;
  heal(): void;
  /** Signs a token directly, past HTTP. */
  issueToken(claims?: { lifetimeMs?: number; objectId?: string; audience?: string }): Promise<IssuedToken>;
  close(): Promise<void>;
}
export interface IssuedToken {
  readonly value: string;
  readonly expiresAt: number;
  readonly objectId: string;
}

// ---- Cache and gate ----------------------------------------------------------------------------------------------

export interface TlsIdentity {
  readonly key: string;
  readonly cert: string;
  readonly ca: string;
}

/**
 * `match` picks commands by name (`GET`, `CLIENT SETINFO`; `CONNECT`: the moment a client connects), `connection` a CLIENT ID;
 * `times` defaults to 1, Infinity lasts until `heal`.
 */
export interface CacheFault {
  readonly match?: string | readonly string[];
  readonly connection?: number;
  readonly times?: number;
  readonly action: /** Answered instead of carrying the command out: `LOADING …`, `MOVED 1 host:port`. */
    | { kind: 'error'; message: string }
    | { kind: 'delay'; delayMs: number }
    /** Carried out when `until` settles; later commands of the connection wait. */
    | { kind: 'hold'; until: Promise<unknown> }
    /** `after`: the command is carried out, and its reply lost. */
    | { kind: 'cut'; after?: boolean }
    /** Neither this command nor a later one of the connection is answered. */
    | { kind: 'hang' }
    /** Sends the first bytes of the reply, then cuts. */
    | { kind: 'truncate'; bytes: number };
}

/** Faults that several gates share: each is met `times` times in all, by whichever gate comes first. */
export interface Faults {
  fault(fault: CacheFault): void;
  /** Forgets the faults that have not been met. */
  heal(): void;
}

interface Endpoint extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsIdentity | undefined;
  readonly timeline: WireTimeline;
  /** Faults for what comes next. */
  fault(fault: CacheFault): void;
  /** Forgets the faults that have not been met. */
  heal(): void;
  /** Cuts every connection, or those given by CLIENT ID. */
  cut(connections?: readonly number[]): void;
  /** Announces maintenance to every connection, or to those given by CLIENT ID. Answers how many had asked for it. */
  maintain(event: Maintenance, connections?: readonly number[]): number;
  /** Live client connections. */
  readonly connections: readonly ConnectionState[];
  close(): Promise<void>;
}
export interface ConnectionState {
  readonly id: number;
  readonly name: string;
  readonly username: string | undefined;
  readonly expiresAt: number | undefined;
  readonly subscriber: boolean;
}

export interface CacheOptions {
  /** Usually `entra.verifier`. */
  verifier: TokenVerifier;
  host?: string;
  port?: number;
  tls?: TlsIdentity;
  /** Highest RESP version that HELLO accepts. Default 3. */
  resp?: 2 | 3;
  /** Number of masters, 16384 slots split evenly; each node listens on its own port. Default: standalone. */
  cluster?: { masters: number; replicasPerMaster?: number; announceHost?: string };
  /** A master with replicas (default 1 sentinel, no replicas); `authenticated`: the sentinels want the same login (default: none). */
  sentinel?: { masterName: string; replicas?: number; sentinels?: number; authenticated?: boolean };
  /** Write to the timeline of a former cache, to read both as one. */
  timeline?: WireTimeline;
  /** `all` (default) records every command and reply, `logins` only connections, logins, expiries and faults. */
  record?: 'all' | 'logins';
  /** Commands that nobody may run, answered NOPERM: `CONFIG`, `CLIENT KILL`. */
  denied?: readonly string[];
  accessPolicies?: AccessPolicies;
  /** False: CLIENT MAINT_NOTIFICATIONS is an unknown command, as in Redis itself. Default true, as in Redis Enterprise. */
  maintenanceNotifications?: boolean;
}
/**
 * As an endpoint it is its first node; `fault`, `heal`, `cut`, `maintain` and `connections` are about all data nodes: a fault is met `times` times
 * in all, by whichever node comes first.
 */
export interface CacheServer extends Endpoint {
  /** Every data node, the first one being this endpoint: masters, each followed by its replicas, then nodes added later. */
  readonly nodes: readonly Endpoint[];
  /** Sentinel mode: the sentinels. */
  readonly sentinels: readonly Endpoint[];
  /** Starts another node: in a cluster a master without slots, else a replica. */
  addNode(): Promise<Endpoint>;
  /** Outside a cluster: starts another address of the master, with the same keys: where a MOVING leads. */
  addAddress(): Promise<Endpoint>;
  /** Cluster: gives a slot with its keys to another master, at once. Clients learn of it by MOVED. */
  moveSlot(slot: number, to: Endpoint): void;
  /** Cluster: the owner answers ASK for keys of the slot that it does not have, until `moveSlot`. */
  startMigration(slot: number, to: Endpoint): void;
  /** Moves some keys of a migrating slot. */
  migrateKeys(slot: number, keys: readonly string[]): void;
  /**
   * The first replica becomes the master. With sentinels they announce it, and the clients of the old master are closed; in a cluster
   * of the shard of the given node. Throws when there is no replica.
   */
  failover(of?: Endpoint): void;
}

export interface GateOptions {
  verifier: TokenVerifier;
  /** With `password` the gate logs in upstream by itself; `username` defaults to `default`. */
  upstream: {
    host: string;
    port: number;
    tls?: { ca: string; servername?: string };
    username?: string;
    password?: string;
  };
  host?: string;
  port?: number;
  tls?: TlsIdentity;
  /**
   * Rewrites `host:port` in MOVED, ASK, ROLE, INFO, CLUSTER SLOTS/SHARDS/NODES and SENTINEL replies, and in `+switch-master` of a
   * sentinel. Other published messages stay as they are.
   */
  rewriteAddress?: (host: string, port: number) => { host: string; port: number };
  accessPolicies?: AccessPolicies;
  /** Nobody has to log in, as at most sentinels; who does so is verified all the same. Default false. */
  open?: boolean;
  /** The gate answers CLIENT MAINT_NOTIFICATIONS in place of the upstream, and `maintain` tells. Default false. */
  maintenanceNotifications?: boolean;
  /** Write to the timeline of another gate or cache, to read both as one. */
  timeline?: WireTimeline;
  /** Faults from `createFaults()`, shared with other gates. Default: this gate's alone. */
  faults?: Faults;
  /** Shown with each entry of the timeline, to tell gates apart. */
  name?: string;
  /** `all` (default) records every command and reply, `logins` only connections, logins, expiries and faults. */
  record?: 'all' | 'logins';
}
export type Gate = Endpoint;
export type { Endpoint, Maintenance, WireEntry, WireTimeline };
