import { Redis } from 'ioredis';

/** Where a server listens that we administer ourselves, past any gate. */
export interface AdminEndpoint {
  readonly host: string;
  readonly port: number;
  readonly tls?: { readonly ca: string; readonly servername: string };
}

/** A plain connection to a real server for set-up and steering. Tries again every `retryDelayMs`; without it, not at all. */
export function connectAdmin(server: AdminEndpoint, options: { retryDelayMs?: number } = {}): Redis {
  const { retryDelayMs } = options;
  const admin = new Redis({
    host: server.host,
    port: server.port,
    ...(server.tls && { tls: { ca: server.tls.ca, servername: server.tls.servername } }),
    enableReadyCheck: false,
    maxRetriesPerRequest: null,
    retryStrategy: () => retryDelayMs ?? null,
  });
  // Whoever awaits a command hears of it.
  admin.on('error', () => undefined);
  return admin;
}

/** Runs `task` with a connection that is closed afterwards. */
export async function withAdmin<Result>(
  server: AdminEndpoint,
  task: (admin: Redis) => Promise<Result>,
): Promise<Result> {
  const admin = connectAdmin(server);
  try {
    return await task(admin);
  } finally {
    admin.disconnect();
  }
}
