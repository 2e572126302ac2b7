import {
  createCertificateAuthority,
  createFaults,
  createTimeline,
  type Gate,
  startEntra,
  startGate,
} from '@entra-redis/emulator';
import { startParts } from './parts.ts';
import { startRedisServer } from './redis-server.ts';
import type { RunningTarget } from './types.ts';

export interface SingleServerOptions {
  readonly lifetimeMs: number;
  /** TLS from the client to the gate and from the gate to the server; the certificate names `localhost` only. */
  readonly tls?: boolean;
  /** The server's program. Default: the variable REDIS_SERVER. */
  readonly program?: string;
}

/** One real server, behind a gate that enforces the tokens of an Entra of its own. */
export function startSingleServer({ lifetimeMs, tls, program }: SingleServerOptions): Promise<RunningTarget> {
  return startParts(async (parts) => {
    const identity = tls === true ? await (await createCertificateAuthority()).issue(['localhost']) : undefined;
    const secure = identity === undefined ? {} : { tls: identity };
    const entra = parts.use(await startEntra({ lifetimeMs }));
    const upstream = parts.use(await startRedisServer({ ...secure, ...(program !== undefined && { program }) }));
    const [timeline, faults] = [createTimeline(), createFaults()];
    const common = { verifier: entra.verifier, upstream, timeline, faults, maintenanceNotifications: true, ...secure };
    const gates: Gate[] = [];
    const openGate = async (name: string): Promise<Gate> => {
      const opened = parts.use(await startGate({ ...common, name }));
      gates.push(opened);
      return opened;
    };
    const gate = await openGate('address-1');
    const trust = identity === undefined ? {} : { ca: identity.ca, servername: 'localhost' };
    return {
      endpoint: { topology: 'standalone', host: gate.host, port: gate.port, ...trust },
      entra,
      timeline,
      servers: [upstream],
      cut: (connections) => gates.forEach((opened) => opened.cut(connections)),
      fault: (fault) => faults.fault(fault),
      heal: () => faults.heal(),
      maintain: async (timeSeconds) => {
        const to = await openGate(`address-${gates.length + 1}`);
        const told = gates.map((opened) => opened.maintain({ kind: 'moving', timeSeconds, to }));
        return told.reduce((sum, count) => sum + count, 0);
      },
      close: () => parts.close(),
    };
  });
}
