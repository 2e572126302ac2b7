import { once } from 'node:events';
import { createServer } from 'node:http';
import { DefaultAzureCredential } from '@azure/identity';
import { checkOptions, entraCredentials } from '@entra-redis/node-redis';
import { createTokenManager } from '@entra-redis/token-manager';
import { RedisStore } from 'connect-redis';
import express from 'express';
import session from 'express-session';
import { createClient } from 'redis';

declare module 'express-session' {
  interface SessionData {
    views: number;
  }
}

const { AZURE_REDIS_ENDPOINT, SESSION_SECRET, HOST = 'localhost', PORT = '3000' } = process.env;
if (!AZURE_REDIS_ENDPOINT) throw new Error('Set AZURE_REDIS_ENDPOINT to host:port of the cache.');
if (!SESSION_SECRET) throw new Error('Set SESSION_SECRET to a long random text: it signs the cookies.');

const manager = createTokenManager(new DefaultAzureCredential());
manager.subscribe((event) => 'error' in event && console.error(event.type, event.error));

const client = createClient(
  checkOptions({
    url: `rediss://${AZURE_REDIS_ENDPOINT}`,
    credentialsProvider: entraCredentials(manager),
    RESP: 3,
    commandOptions: { timeout: 5000 },
  }),
);
client.on('error', console.error);
await client.connect();

const app = express();
app.set('trust proxy', 1); // behind one proxy, such as that of App Service
app.use(
  session({
    store: new RedisStore({ client, ttl: 3600 }),
    secret: SESSION_SECRET,
    cookie: { secure: 'auto' },
    resave: false,
    saveUninitialized: false,
  }),
);
app.get('/', (request, response) => {
  request.session.views = (request.session.views ?? 0) + 1;
  response.json({ views: request.session.views });
});
app.post('/logout', (request, response, next) => {
  request.session.destroy((error: unknown) => (error ? next(error) : response.sendStatus(204)));
});

const server = createServer(app);
server.listen(Number(PORT), HOST, () => console.log('Listening on', server.address()));

async function stop(): Promise<void> {
  // Without a connection to the cache, commands and requests that wait for it never end.
  setTimeout(() => process.exit(1), 10_000).unref();
  server.close();
  await once(server, 'close');
  await client.close();
  manager.close();
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
