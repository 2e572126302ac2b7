// One client of valkey-glide, with the password that the newest token is.
import { Batch, ClusterBatch, GlideClient, GlideClusterClient } from '@valkey/valkey-glide';
import { describeClient, describeError } from '../../dist/driver-kit.js';

const connectTimeoutMs = 2000;
const requestTimeoutMs = 5000;
const subscribeTimeoutMs = 5000;

/** By kind: methods of the client. */
const kinds = {
  channel: ['subscribe', 'unsubscribe'],
  pattern: ['psubscribe', 'punsubscribe'],
  sharded: ['ssubscribe', 'sunsubscribe'],
};

export function openSession(manager, endpoint, options) {
  const errors = [];
  const listeners = [];
  const onMessage = ({ message, channel, pattern }) => {
    for (const listener of listeners) listener(String(message), String(pattern ?? channel));
  };
  if (options.userInfo !== undefined) {
    const refusal = new Error('valkey-glide takes hosts and ports, and no URL that could name a user');
    throw Object.assign(refusal, { code: 'ERR_USERINFO_IN_URL' });
  }
  const Client = endpoint.topology === 'cluster' ? GlideClusterClient : GlideClient;
  const tell = (error) => void errors.push(describeError(error));
  let closed = false;
  let sent;

  async function connect() {
    const { username, password } = await manager.credentials();
    sent = password;
    if (closed) throw new Error('the client was closed');
    const client = await Client.createClient(configuration(endpoint, options, { username, password }, onMessage));
    if (closed) client.close();
    return client;
  }
  const connecting = connect();
  connecting.catch(tell);
  const unsubscribe = manager.subscribe((event) => {
    if (event.type === 'token') void update().catch(tell);
  });
  async function update() {
    const client = await connecting;
    const { password } = await manager.credentials();
    if (closed || password === sent) return;
    sent = password;
    await client.updateConnectionPassword(password, true);
  }

  async function inBatch(commands, atomic) {
    const batch = endpoint.topology === 'cluster' ? new ClusterBatch(atomic) : new Batch(atomic);
    for (const args of commands) batch.customCommand([...args]);
    return (await (await connecting).exec(batch, true)) ?? [];
  }

  return {
    errors,
    ready: async () => void (await connecting),
    command: async (...args) => await (await connecting).customCommand(args),
    pipeline: (commands) => inBatch(commands, false),
    transaction: (commands) => inBatch(commands, true),
    async subscribe(channel, onText, kind = 'channel') {
      listeners.push((message, from) => void (from === channel && onText(message)));
      await (await connecting)[kinds[kind][0]]([channel], subscribeTimeoutMs);
    },
    async unsubscribe(channel, kind = 'channel') {
      await (await connecting)[kinds[kind][1]]([channel], subscribeTimeoutMs);
    },
    connected: async () => null,
    describe: async () => describeClient(await connecting.catch(() => undefined), undefined),
    async close() {
      if (closed) return;
      closed = true;
      unsubscribe();
      (await connecting.catch(() => undefined))?.close();
    },
  };
}

function configuration({ topology, host, port, ca, servername }, options, credentials, onMessage) {
  return {
    // valkey-glide verifies the name that it dials.
    addresses: [{ host: servername ?? host, port }],
    useTLS: ca !== undefined,
    credentials,
    requestTimeout: requestTimeoutMs,
    ...(options.name === undefined ? {} : { clientName: options.name }),
    ...(options.readReplicas ? { readFrom: 'preferReplica' } : {}),
    ...(topology === 'cluster' && servername !== undefined ? { addressResolver: (_, at) => [servername, at] } : {}),
    advancedConfiguration: {
      connectionTimeout: connectTimeoutMs,
      ...(ca === undefined ? {} : { tlsAdvancedConfiguration: { rootCertificates: ca } }),
    },
    pubsubSubscriptions: { channelsAndPatterns: {}, callback: onMessage },
  };
}
