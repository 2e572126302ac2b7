import { isIPv4 } from 'node:net';
import { push, type Reply } from '../resp/reply.ts';
import type { MovingEndpointType } from './maintenance-subscription.ts';
import type { Maintenance } from './maintenance-types.ts';

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

const words = {
  moving: 'MOVING',
  migrating: 'MIGRATING',
  migrated: 'MIGRATED',
  'failing-over': 'FAILING_OVER',
  'failed-over': 'FAILED_OVER',
} as const;

/** Tells connections of maintenance as Redis Enterprise does. The number of an event is the same for all whom it is told to. */
export class Announcer {
  #sequence = 0;

  /** Answers how many connections were told. */
  announce(event: Maintenance, connections: readonly MaintainedConnection[]): number {
    if ('timeSeconds' in event) assertSeconds(event.timeSeconds);
    const sequence = this.#sequence++;
    const told = connections.filter(({ wants }) => wants !== undefined);
    for (const connection of told) connection.send(push([words[event.kind], sequence, ...details(event, connection)]));
    if (event.kind === 'moving') cutAfter(event.timeSeconds * 1000, connections);
    return told.length;
  }
}

function assertSeconds(seconds: number): void {
  if (Number.isSafeInteger(seconds) && seconds >= 0 && seconds < 2_000_000) return;
  throw new RangeError(`maintenance: timeSeconds must be a whole number from 0 to 2,000,000: ${seconds}`);
}

/** The closing event of each pair carries no time. Shards are told as JSON. */
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
