import * as client6 from '@redis/client';

/** What the tests use of a client, in every version. */
export interface TestClient {
  readonly options: Record<string, unknown>;
  readonly isReady: boolean;
  readonly isOpen: boolean;
  readonly isPubSubActive: boolean;
  connect(): Promise<unknown>;
  duplicate(overrides?: object): TestClient;
  on(event: string, listener: (value: Error) => void): this;
  once(event: string, listener: (value: Error) => void): this;
  ping(): Promise<string>;
  sendCommand(args: (string | Buffer)[]): Promise<unknown>;
  subscribe(channel: string, listener: (message: string) => void): Promise<void>;
  pSubscribe(pattern: string, listener: (message: string) => void): Promise<void>;
  sSubscribe(channel: string, listener: (message: string) => void): Promise<void>;
  unsubscribe(channel?: string): Promise<void>;
  monitor(listener: (line: unknown) => void): Promise<void>;
  reset(): Promise<void>;
  multi(): { set(key: string, value: string): { exec(): Promise<unknown[]> } };
  close(): Promise<void>;
  quit(): Promise<unknown>;
  destroy(): void;
  disconnect(): Promise<void>;
}
export interface TestPool {
  connect(): Promise<unknown>;
  sendCommand(args: string[]): Promise<unknown>;
  execute<T>(run: (client: TestClient) => Promise<T>): Promise<T>;
  on(event: string, listener: (value: Error) => void): this;
  destroy(): void;
}
export interface TestSentinel {
  aclWhoAmI(): Promise<string>;
  connect(): Promise<unknown>;
  set(key: string, value: string): Promise<unknown>;
  on(event: string, listener: (value: Error) => void): this;
  destroy(): void;
}
export interface TestCluster {
  connect(): Promise<unknown>;
  on(event: string, listener: (value: Error) => void): this;
  set(key: string, value: string): Promise<unknown>;
  get(key: string): Promise<unknown>;
  subscribe(channel: string, listener: (message: string) => void): Promise<void>;
  destroy(): void;
}
interface Library {
  createClient(options: object): TestClient;
  createClientPool(options: object, poolOptions?: object): TestPool;
  createCluster(options: object): TestCluster;
  createSentinel(options: object): TestSentinel;
}

export interface Version {
  readonly name: string;
  readonly library: Library;
  readonly RESP: 2 | 3;
  /** Options that ask for this protocol; empty where it is the default. */
  readonly protocol: { RESP?: 2 | 3 };
}

const library = (module: unknown): Library => module as Library;

async function olderVersions(): Promise<Version[]> {
  const oldest = library(await import('@redis/client-5-oldest'));
  const five = library(await import('@redis/client-5'));
  return [
    { name: '5.0.0', library: oldest, RESP: 2, protocol: {} },
    { name: '5.0.0', library: oldest, RESP: 3, protocol: { RESP: 3 } },
    { name: '5.12.1', library: five, RESP: 2, protocol: {} },
    { name: '5.12.1', library: five, RESP: 2, protocol: { RESP: 2 } },
    { name: '5.12.1', library: five, RESP: 3, protocol: { RESP: 3 } },
  ];
}

/** Every supported major, oldest and newest, with both protocols; the newest alone where a thousand mutants are tested. */
export const versions: readonly Version[] = [
  ...(process.env['NEWEST_CLIENTS_ONLY'] ? [] : await olderVersions()),
  { name: '6.3.1', library: library(client6), RESP: 2, protocol: { RESP: 2 } },
  { name: '6.3.1', library: library(client6), RESP: 3, protocol: {} },
];

export const title = ({ name, protocol }: Version): string => `${name} ${JSON.stringify(protocol)}`;
