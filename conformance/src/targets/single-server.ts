import { type Gate, startEntra } from '@entra-redis/emulator';
import { Progress, startRedisServer } from '@entra-redis/redis-server';
import { Gates } from './gates.ts';
import { localhostIdentity } from './localhost-identity.ts';
import { withCloseStack } from './close-stack.ts';
import type { RunningTarget, StartOptions, Target } from './target.ts';

interface SingleServerOptions extends StartOptions {
  /** TLS from the client to the gate and from the gate to the server; the certificate names `localhost` only. */
  readonly tls?: boolean;
  /** The server's program. Default: the variable REDIS_SERVER, then redis-server on PATH. */
  readonly program?: string;
}

/** One real server, behind a gate that enforces the tokens of an Entra of its own. */
function startSingleServer(options: SingleServerOptions): Promise<RunningTarget> {
  const { lifetimeMs, onProgress, tls, program } = options;
  return withCloseStack(async (stack) => {
    const progress = new Progress({ onNews: onProgress });
    const identity = tls === true ? await localhostIdentity() : undefined;
    const secure = identity === undefined ? {} : { tls: identity };
    const entra = stack.use(await startEntra({ lifetimeMs }));
    const upstream = stack.use(
      await startRedisServer({ progress, ...secure, ...(program !== undefined && { program }) }),
    );
    const gates = new Gates(stack, { verifier: entra.verifier, maintenanceNotifications: true, ...secure });
    const addresses: Gate[] = [];
    const openAddress = async (): Promise<Gate> => {
      const opened = await gates.open(upstream, `address-${addresses.length + 1}`);
      addresses.push(opened);
      return opened;
    };
    const gate = await openAddress();
    const trust = identity === undefined ? {} : { ca: identity.ca, servername: 'localhost' };
    return {
      endpoint: { topology: 'standalone', host: gate.host, port: gate.port, ...trust },
      entra,
      ...gates.controls,
      servers: [upstream],
      addAddress: openAddress,
      maintain: async (timeSeconds) => {
        const to = await openAddress();
        const told = addresses.map((opened) => opened.maintain({ kind: 'moving', timeSeconds, to }));
        return told.reduce((sum, count) => sum + count, 0);
      },
      close: () => stack.close(),
    };
  });
}

const common = { topology: 'standalone', resp: [2, 3], required: true, start: startSingleServer } as const;

/** A real redis-server. */
export const redisStandalone: Target = { ...common, name: 'redis-standalone' };

/** A real redis-server that speaks TLS; its certificate is made at start. */
export const redisTls: Target = {
  ...common,
  name: 'redis-tls',
  tls: true,
  start: (options) => startSingleServer({ ...options, tls: true }),
};

/** A real valkey-server: the one that the variable VALKEY_SERVER names. */
export const valkey: Target = {
  ...common,
  name: 'valkey',
  required: false,
  start: (options) => startSingleServer({ ...options, program: process.env['VALKEY_SERVER'] as string }),
};
