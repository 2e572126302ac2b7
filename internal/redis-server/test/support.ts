import { Redis } from 'ioredis';

/** What `task` makes of a connection, which is closed afterwards and not tried again. */
export async function asked<Result>(
  { host, port }: { readonly host: string; readonly port: number },
  task: (client: Redis) => Promise<Result>,
): Promise<Result> {
  const client = new Redis({
    host,
    port,
    enableReadyCheck: false,
    maxRetriesPerRequest: null,
    retryStrategy: () => null,
  });
  client.on('error', () => undefined);
  try {
    return await task(client);
  } finally {
    client.disconnect();
  }
}
