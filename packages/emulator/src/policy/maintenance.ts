import { isIPv4 } from 'node:net';
import { error, OK, push, type Reply } from '../resp/reply.ts';

/** A connection as maintenance sees it. */
export interface MaintainedConnection {
  readonly host: string;
  readonly port: number;
  /** What it asked for by CLIENT MAINT_NOTIFICATIONS; undefined: nothing. */
  readonly wants: MovingEndpointType | undefined;
  /** Sends between two replies. */
  send(reply: Reply): void;
  close(reason: string): void;
}

const pushNames = {
  moving: 'MOVING',
  migrating: 'MIGRATING',
  migrated: 'MIGRATED',
  'failing-over': 'FAILING_OVER',
  'failed-over': 'FAILED_OVER',
} as const;

/** Announces maintenance to connections as Redis Enterprise does. The number of an event is the same for all connections that get it. */
export class Announcer {
  #sequence = 0;

  /** Answers how many connections got it. */
  announce(event: Maintenance, connections: readonly MaintainedConnection[]): number {
    if ('timeSeconds' in event) assertSeconds(event.timeSeconds);
    const sequence = this.#sequence++;
    const told = connections.filter(({ wants }) => wants !== undefined);
    for (const connection of told)
      connection.send(push([pushNames[event.kind], sequence, ...details(event, connection)]));
    if (event.kind === 'moving') cutAfter(event.timeSeconds * 1000, connections);
    return told.length;
  }
}

function assertSeconds(seconds: number): void {
  if (Number.isSafeInteger(seconds) && seconds >= 0 && seconds < 2_000_000) return;
  throw new RangeError(`maintenance: timeSeconds must be a whole number from 0 to 2,000,000: ${seconds}`);
}

/** The closing event of each pair carries no time. Shards are JSON. */
function details(event: Maintenance, connection: MaintainedConnection): Reply[] {
  if (event.kind === 'moving') return [event.timeSeconds, movedTo(event.to ?? connection, connection.wants)];
  const shards = JSON.stringify(event.shards ?? ['1']);
  return 'timeSeconds' in event ? [event.timeSeconds, shards] : [shards];
}

function movedTo({ host, port }: { host: string; port: number }, wants: MovingEndpointType | undefined): string | null {
  if (wants === 'none') return null;
  const named = wants?.endsWith('fqdn') === true && isIPv4(host) && host.startsWith('127.') ? 'localhost' : host;
  return `${named}:${port}`;
}

/** The address is gone for everybody, told or not. */
function cutAfter(delayMs: number, connections: readonly MaintainedConnection[]): void {
  setTimeout(() => {
    for (const connection of connections) connection.close('moved');
  }, delayMs).unref();
}

/** How a client wants the address of a MOVING: https://redis.io/docs/latest/develop/clients/sch/. */
const endpointTypes = ['internal-ip', 'internal-fqdn', 'external-ip', 'external-fqdn', 'none'] as const;
export type MovingEndpointType = (typeof endpointTypes)[number];

/** What `CLIENT MAINT_NOTIFICATIONS ON|OFF [moving-endpoint-type TYPE]` is answered, and what the connection then wants. */
export interface MaintenanceSubscription {
  readonly reply: Reply;
  /** Left out where nothing changes; undefined: no notifications. */
  readonly wants?: MovingEndpointType | undefined;
}

export function subscribeToMaintenance(args: readonly Buffer[], resp: 2 | 3): MaintenanceSubscription {
  const [, , mode = '', option, type] = args.map((arg) => arg.toString('latin1', 0, 64).toLowerCase());
  if (mode === 'off' && args.length === 3) return { reply: OK, wants: undefined };
  const wanted = option === undefined ? 'external-ip' : endpointTypes.find((known) => known === type);
  const named = option === undefined || (option === 'moving-endpoint-type' && args.length === 5);
  if (mode !== 'on' || !named || wanted === undefined) return { reply: error('ERR syntax error') };
  if (resp === 2) return { reply: error('ERR maintenance notifications need RESP3: send HELLO 3 first') };
  return { reply: OK, wants: wanted };
}

export function isMaintenanceSubscription(words: readonly string[]): boolean {
  return words[0] === 'CLIENT' && words[1] === 'MAINT_NOTIFICATIONS';
}

/**
 * Planned maintenance, of which Redis Enterprise tells the connections that asked by `CLIENT MAINT_NOTIFICATIONS ON` in RESP3: pushes MOVING,
 * MIGRATING, MIGRATED, FAILING_OVER, FAILED_OVER. Only `moving` has another effect: after `timeSeconds` every connection that was
 * there is closed, announced or not.
 */
export type Maintenance =
  /** `to`: the new address; default: the one that the client has. */
  | {
      readonly kind: 'moving';
      readonly timeSeconds: number;
      readonly to?: { readonly host: string; readonly port: number };
    }
  | {
      readonly kind: 'migrating' | 'failing-over';
      readonly timeSeconds: number;
      readonly shards?: readonly string[];
    }
  | { readonly kind: 'migrated' | 'failed-over'; readonly shards?: readonly string[] };
