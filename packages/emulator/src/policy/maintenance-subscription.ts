import { error, OK, type Reply } from '../resp/reply.ts';

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
