import { createCertificateAuthority, startEntra, startGate } from '@entra-redis/emulator';
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
    const gate = parts.use(await startGate({ verifier: entra.verifier, upstream, ...secure }));
    const trust = identity === undefined ? {} : { ca: identity.ca, servername: 'localhost' };
    return {
      endpoint: { topology: 'standalone', host: gate.host, port: gate.port, ...trust },
      entra,
      timeline: gate.timeline,
      servers: [upstream],
      cut: (connections) => gate.cut(connections),
      fault: (fault) => gate.fault(fault),
      heal: () => gate.heal(),
      close: () => parts.close(),
    };
  });
}
