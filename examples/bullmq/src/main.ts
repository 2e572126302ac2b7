import { once } from 'node:events';
import { createServer } from 'node:http';
import { DefaultAzureCredential } from '@azure/identity';
import { withEntra } from '@entra-redis/ioredis';
import { createTokenManager } from '@entra-redis/token-manager';
import { Queue, QueueEvents, Worker } from 'bullmq';

const { AZURE_REDIS_ENDPOINT, HOST = 'localhost', PORT = '3000' } = process.env;
if (!AZURE_REDIS_ENDPOINT) throw new Error('Set AZURE_REDIS_ENDPOINT to host:port of the cache.');
const [host, port] = AZURE_REDIS_ENDPOINT.split(':');

const manager = createTokenManager(new DefaultAzureCredential());
manager.subscribe((event) => 'error' in event && console.error(event.type, event.error));

interface Order {
  readonly item: string;
  readonly quantity: number;
}
type Invoice = string;

const connection = withEntra(manager, { host, port: Number(port), maxRetriesPerRequest: null });
const queue = new Queue<Order, Invoice>('orders', { connection });
const events = new QueueEvents('orders', { connection });
const worker = new Worker<Order, Invoice>('orders', async ({ data }) => `${data.quantity} x ${data.item}`, {
  connection,
  concurrency: 4,
});
queue.on('error', console.error);
events.on('error', console.error);
worker.on('error', console.error);
worker.on('failed', (job, error) => console.error('job', job?.id, 'failed', error));
worker.on('stalled', (id) => console.error('job', id, 'stalled'));
await Promise.all([queue.waitUntilReady(), events.waitUntilReady(), worker.waitUntilReady()]);

async function invoice(order: Order): Promise<Invoice> {
  const job = await queue.add('invoice', order, { removeOnComplete: 1000 });
  return await job.waitUntilFinished(events);
}

// POST /orders?item=tea&quantity=2 is answered when the worker has written the invoice.
const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  if (request.method !== 'POST' || pathname !== '/orders') return response.writeHead(404).end();
  invoice({ item: searchParams.get('item') ?? 'tea', quantity: Number(searchParams.get('quantity') ?? 1) }).then(
    (text) => response.writeHead(200).end(text),
    (error: unknown) => {
      console.error(error);
      response.writeHead(503).end();
    },
  );
});
server.listen(Number(PORT), HOST, () => console.log('Listening on', server.address()));

async function stop(): Promise<void> {
  // Without a connection to the cache, worker.close() never returns.
  setTimeout(() => process.exit(1), 25_000).unref();
  server.close();
  await once(server, 'close');
  await worker.close();
  await Promise.all([events.close(), queue.close()]);
  manager.close();
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
