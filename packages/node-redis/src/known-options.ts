import type { IpcNetConnectOpts, TcpNetConnectOpts } from 'node:net';
import type { ConnectionOptions } from 'node:tls';

/** The names of node-redis' options, with what is below them where that is checked, too. `test/types.test.ts` holds them to 5 and 6. */
type Names<Name extends string> = { readonly [Key in Name]: unknown };

type CommanderNames = 'functions' | 'modules' | 'RESP' | 'scripts' | 'unstableResp3' | 'commandOptions';

export interface KnownSocketOptions
  extends Names<'connectTimeout' | 'reconnectStrategy' | 'socketTimeout' | 'tls'>,
    Names<Extract<keyof TcpNetConnectOpts | keyof IpcNetConnectOpts | keyof ConnectionOptions, string>> {}

export interface KnownClientOptions
  extends Names<
    | CommanderNames
    | 'clientInfoTag'
    | 'clientSideCache'
    | 'commandsQueueMaxLength'
    | 'credentialsProvider'
    | 'database'
    | 'disableClientInfo'
    | 'disableOfflineQueue'
    | 'emitInvalidate'
    | 'himportRegistry'
    | 'keyPrefix'
    | 'maintEndpointType'
    | 'maintNotifications'
    | 'maintRelaxedCommandTimeout'
    | 'maintRelaxedSocketTimeout'
    | 'name'
    | 'password'
    | 'pingInterval'
    | 'readonly'
    | 'url'
    | 'username'
  > {
  readonly socket: KnownSocketOptions;
}

export interface KnownClusterOptions
  extends Names<
    | CommanderNames
    | 'clientSideCache'
    | 'himportRegistry'
    | 'keyPrefix'
    | 'maxCommandRedirections'
    | 'minimizeConnections'
    | 'nodeAddressMap'
    | 'topologyRefreshOnReconnectionAttemptStrategy'
    | 'useReplicas'
  > {
  readonly rootNodes: readonly KnownClientOptions[];
  readonly defaults: KnownClientOptions;
}

export interface KnownSentinelOptions
  extends Names<
    | CommanderNames
    | 'clientSideCache'
    | 'keyPrefix'
    | 'masterPoolSize'
    | 'maxCommandRediscovers'
    | 'name'
    | 'nodeAddressMap'
    | 'passthroughClientErrorEvents'
    | 'replicaPoolSize'
    | 'reserveClient'
    | 'scanInterval'
  > {
  readonly sentinelRootNodes: readonly Names<'host' | 'port'>[];
  readonly nodeClientOptions: KnownClientOptions;
  readonly sentinelClientOptions: KnownClientOptions;
}

/** What no option is: redis has none of this name at this place. */
export interface UnknownOption<Name> {
  readonly 'redis has no such option here': Name;
}

type Known<Options> = Options extends { readonly rootNodes: unknown }
  ? KnownClusterOptions
  : Options extends { readonly sentinelRootNodes: unknown }
    ? KnownSentinelOptions
    : KnownClientOptions;

type Within<Given, Below> = unknown extends Below
  ? unknown
  : Below extends readonly (infer Element)[]
    ? { readonly [Index in keyof Given]: Within<Given[Index], Element> }
    : Given extends object
      ? Only<Given, Below>
      : unknown;

export type Only<Given, Allowed> = {
  readonly [Name in keyof Given]: Name extends keyof Allowed ? Within<Given[Name], Allowed[Name]> : UnknownOption<Name>;
};

/** Options whose names are all known, as the bare client asks of a literal; a generic function would lose that check. */
export type OnlyKnown<Given> = Given extends unknown ? Only<Given, Known<Given>> : never;

interface NotOfRedis4 {
  readonly legacyMode?: { 'redis 4 has no credentialsProvider: use withEntra() of @entra-redis/node-redis/v4': never };
}

/** `legacyMode` is an option of redis 4 alone; of this type, its createClient() and createCluster() refuse it. Never set. */
export interface NotForRedis4 extends NotOfRedis4 {
  readonly defaults?: NotOfRedis4;
}
