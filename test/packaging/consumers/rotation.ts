// A user's application that lives through a rotation: its tokens last for seconds, and its connections stay.
import { createTokenManager } from '@entra-redis/token-manager';
import { withEntra } from '@entra-redis/ioredis';
import { checkOptions, entraCredentials } from '@entra-redis/node-redis';
import { Redis } from 'ioredis';
import { createClient } from 'redis';

interface Answer {
  readonly access_token: string;
  readonly expires_on: string;
}

/** A managed identity, over HTTP. */
async function getToken() {
  const answer = await fetch(String(process.env['ROTATING_TOKENS']), { headers: { Metadata: 'true' } });
  const { access_token: token, expires_on } = (await answer.json()) as Answer;
  return { token, expiresOnTimestamp: Number(expires_on) * 1000 };
}
const address = { host: '127.0.0.1', port: Number(process.env['ROTATING_PORT']) };

async function ofIoredis(): Promise<string> {
  const manager = createTokenManager({ getToken });
  const renewed = new Promise((resolve) =>
    manager.subscribe(({ type }) => type === 'reauthenticated' && resolve(type)),
  );
  const redis = new Redis(withEntra(manager, address));
  const id = await redis.client('ID');
  await renewed;
  const same = (await redis.client('ID')) === id;
  const pong = await redis.ping();
  redis.disconnect();
  manager.close();
  return same ? pong : 'another connection';
}

async function ofNodeRedis(): Promise<string> {
  const manager = createTokenManager({ getToken });
  const renewed = new Promise((resolve) =>
    manager.subscribe(({ type }) => type === 'reauthenticated' && resolve(type)),
  );
  const credentialsProvider = entraCredentials(manager);
  const client = createClient(checkOptions({ socket: address, credentialsProvider, maintNotifications: 'disabled' }));
  client.on('error', console.error);
  await client.connect();
  const id = await client.clientId();
  await renewed;
  const same = (await client.clientId()) === id;
  const pong = await client.ping();
  client.destroy();
  manager.close();
  return same ? pong : 'another connection';
}

async function main(): Promise<void> {
  const clients = { ioredis: ofIoredis, 'node-redis': ofNodeRedis };
  const wanted = process.argv.slice(2) as (keyof typeof clients)[];
  for (const name of wanted) console.log(await clients[name]());
}

void main();
