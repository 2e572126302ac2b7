// A driver of the conformance suite for valkey-glide by its own means: a password that is updated with each token.
import { readFileSync } from 'node:fs';
import { createTokenManager } from '@entra-redis/token-manager';
import { allBut, describeError, httpProvider, serveDriver } from '../../dist/driver-kit.js';
import { openSession } from './session.js';

const { version } = JSON.parse(
  readFileSync(new URL('./node_modules/@valkey/valkey-glide/package.json', import.meta.url), 'utf8'),
);
const oneConnection = 'valkey-glide has one connection to each node, and no pool';

async function start({ tokenUrl }) {
  const manager = createTokenManager(httpProvider(tokenUrl), {
    refresh: { minIntervalMs: 200, expirationRefreshRatio: 0.6 },
    retry: { initialDelayMs: 100, maxDelayMs: 500 },
  });
  const events = [];
  manager.subscribe((event) => {
    events.push({ type: event.type, text: 'error' in event ? describeError(event.error) : event.type });
  });
  return {
    events,
    open: async (endpoint, options) => openSession(manager, endpoint, options),
    describe: async () => '',
    close: async () => manager.close(),
  };
}

serveDriver({
  name: 'valkey-glide',
  clientVersion: version,
  capabilities: allBut({
    duplicate: 'valkey-glide has no duplicate()',
    'manual-transaction': 'its one connection is shared: MULTI belongs to Batch',
    'blocked-resent': 'a reconnect of valkey-glide rejects what was sent',
    'retries-first-login': 'createClient rejects where the first login is refused',
    'offline-queue-off': 'valkey-glide always queues',
    'outage-keeps-queue': 'commands time out',
    'queue-limit': 'its limit is for requests in flight',
    monitor: 'another class of client, with credentials that cannot be updated',
    pool: oneConnection,
    sentinel: 'valkey-glide asks no sentinels',
    'azure-identity': 'its credentials are those of the token manager',
    bullmq: 'BullMQ is built on ioredis',
    'maintenance-notifications': 'valkey-glide does not ask for them',
    'leak-count': 'its clients live in native code',
    clock: 'valkey-glide takes no clock',
    'copied-options': 'it takes no object of ours',
    'server-name': 'valkey-glide verifies the host that it dials',
    'error-codes': 'errors of valkey-glide have a class, no code',
    'options-changed': 'a client keeps the addresses that it was made with',
  }),
  capabilitiesIn: {
    cluster: {
      'retries-first-connect': { supported: false, because: 'createClient of a cluster rejects where a connect fails' },
    },
    standalone: { 'sharded-subscribe': { supported: false, because: 'only its cluster client has SSUBSCRIBE' } },
  },
  // Its default, and pub/sub needs it.
  resp: [3],
  closeWays: ['close'],
  start,
});
