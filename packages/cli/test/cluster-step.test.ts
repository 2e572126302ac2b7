import {
  type CacheServer,
  type CertificateAuthority,
  createCertificateAuthority,
  type EntraServer,
  startCache,
  startEntra,
} from '@entra-redis/emulator';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type ClusterNode, readClusterSlots } from '../src/io/cluster-map.ts';
import type { Report } from '../src/report.ts';
import { diagnose, identity, managedRedis, networkTo, startAzure, words } from './support/doctor.ts';
import { startFakeServer, startRawServer } from './support/fake-server.ts';

let entra: EntraServer;
const open: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  entra = await startEntra(identity);
});
afterAll(() => entra.close());
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

interface Announced extends Partial<ClusterNode> {
  readonly port: number;
}

const bulk = (text: string): string => `$${text.length}\r\n${text}\r\n`;

/** CLUSTER SLOTS of nodes that share the slots, as many as `slots`. */
function slotsOf(nodes: readonly Announced[], slots = 16_384): string {
  const size = Math.ceil(slots / nodes.length);
  const ranges = nodes.map(({ host = '127.0.0.1', port }, index) => {
    const [from, to] = [index * size, Math.min((index + 1) * size, slots) - 1];
    return `*3\r\n:${from}\r\n:${to}\r\n*3\r\n${bulk(host)}:${port}\r\n${bulk('id')}`;
  });
  return `*${nodes.length}\r\n${ranges.join('')}`;
}

/** A server that works, and announces these nodes. */
async function announcing(slots: string, known?: CertificateAuthority): Promise<Report> {
  const authority = known ?? (await createCertificateAuthority());
  const written: string[] = [];
  const server = await startFakeServer(
    (command, args) => {
      if (command === 'SET') written.push(args[1] ?? '');
      const value = written.at(-1) ?? '';
      const answers: Record<string, string> = { PING: '+PONG\r\n', GET: bulk(value), CLUSTER: slots };
      return answers[command] ?? '+OK\r\n';
    },
    await authority.issue([managedRedis]),
  );
  open.push(server);
  return await diagnose(entra, { network: networkTo(server.port), ca: authority.ca });
}

async function node(authority: CertificateAuthority, host: string): Promise<CacheServer> {
  const tls = await authority.issue([host]);
  const cache = await startCache({ verifier: entra.verifier, tls });
  open.push(cache);
  return cache;
}

test('no cluster', async () => {
  await using azure = await startAzure();
  expect(words(await azure.diagnose(), 'cluster')).toMatchInlineSnapshot(
    `"✓ Cluster         No cluster: one endpoint has every key. Use a plain client."`,
  );
});

test('an access policy without CLUSTER is a warning', async () => {
  await using azure = await startAzure({ denied: ['CLUSTER'] });
  const report = await azure.diagnose();
  expect(report.exitCode).toBe(0);
  expect(words(report, 'cluster')).toMatchInlineSnapshot(`
    "! Cluster         The access policy does not let this identity ask whether this is a cluster.
                      The server said: NOPERM this user has no permissions to run the 'cluster|slots' command
                      1. A cluster client needs it: allow +cluster. A plain client does not.
                      2. Look at the access string of its access policy assignment ("+@all ~*" allows everything),
                         and give it the commands and keys that the application needs.
                         az redisenterprise database access-policy-assignment list --resource-group RESOURCE_GROUP --cluster-name my-cache --database-name default"
  `);
});

test('a server that has no such command', async () => {
  const report = await announcing("-ERR unknown command 'CLUSTER'\r\n");
  expect(report.exitCode).toBe(0);
  expect(words(report, 'cluster')).toMatchInlineSnapshot(`
    "✓ Cluster         The server shows no cluster to clients. Use a plain client.
                      It said: ERR unknown command 'CLUSTER'"
  `);
});

test('a cluster as on Azure: nodes announce addresses, certificates name the host', async () => {
  await using azure = await startAzure({ cluster: { masters: 3, replicasPerMaster: 1 } });
  const report = await azure.diagnose();
  expect(report.exitCode).toBe(0);
  expect(words(report, 'cluster')).toMatchInlineSnapshot(`
    "✓ Cluster         A cluster: 3 masters, 3 replicas; all of them log in, and their certificates are valid. Use
                      a cluster client.
                      The nodes announce addresses (127.0.0.1:<port>) that their certificates do not name: a
                      client must verify them against my-cache.westeurope.redis.azure.net. @entra-redis/ioredis
                      does; with node-redis set defaults.socket.servername."
  `);
  expect(azure.cache.nodes).toHaveLength(6);
  for (const { port } of azure.cache.nodes) {
    expect(JSON.stringify(report.steps)).toContain(`127.0.0.1:${port}`);
  }
});

describe('a cluster that a client could not use', () => {
  test('nodes that cannot be reached', async () => {
    const report = await announcing(slotsOf([{ port: 1 }, { port: 2 }]));
    expect(report.exitCode).toBe(19);
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ Cluster         A cluster (2 masters, 0 replicas), of which 2 nodes cannot be reached from here.
                        master 127.0.0.1:1: ECONNREFUSED
                        master 127.0.0.1:2: ECONNREFUSED
                        1. Firewalls on the way (company network, network security group, Azure Firewall, VPN) must
                           allow outgoing TCP to port 10000, and 8500-8599 for the nodes of a cluster (OSS
                           clustering policy).
                        2. Every client of a cluster connects to every node. If that is not possible, choose the
                           Enterprise clustering policy for Azure Managed Redis: one endpoint for all (only at
                           creation)."
    `);
  });

  test('a node that closes the connection during the TLS handshake', async () => {
    const server = await startRawServer((socket) => socket.destroy());
    open.push(server);
    const report = await announcing(slotsOf([{ port: server.port }]));
    expect(report.exitCode).toBe(19);
    expect(words(report)).toContain(
      'of which 1 node cannot be reached from here.\n                  master 127.0.0.1:<port>: ECONNRESET in the TLS handshake',
    );
  });

  test('a node whose certificate is of an authority that nobody knows', async () => {
    const { port } = await node(await createCertificateAuthority(), managedRedis);
    const report = await announcing(slotsOf([{ port }]));
    expect(words(report)).toContain('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
    expect(words(report)).toContain('export NODE_EXTRA_CA_CERTS=');
  });

  test('a node whose certificate names something else', async () => {
    const authority = await createCertificateAuthority();
    const { port } = await node(authority, 'other.example.com');
    const report = await announcing(slotsOf([{ port }]), authority);
    expect(report.exitCode).toBe(19);
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ Cluster         A cluster (1 master, 0 replicas), of which 1 node cannot be verified.
                        master 127.0.0.1:<port>: ERR_TLS_CERT_ALTNAME_INVALID, it names DNS:other.example.com
                        → The nodes' certificates must name my-cache.westeurope.redis.azure.net, or their own
                          addresses. Connect by the name that Azure gave the cache, and do not turn verification
                          off."
    `);
  });

  test('a node that refuses the login', async () => {
    await using azure = await startAzure({ cluster: { masters: 2 } });
    azure.cache.nodes[1]?.fault({
      match: 'AUTH',
      action: { kind: 'error', message: 'WRONGPASS invalid username-password pair' },
    });
    const report = await azure.diagnose();
    expect(report.exitCode).toBe(19);
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ Cluster         A cluster (2 masters, 0 replicas), of which 1 node refused the login.
                        master 127.0.0.1:<port>: WRONGPASS invalid username-password pair
                        → All nodes should accept the same identities: an access policy assignment may not have
                          reached them yet. Run this again in a minute."
    `);
  });

  test('more than a few nodes are counted, not listed', async () => {
    const report = await announcing(slotsOf([1, 2, 3, 4, 5, 6, 7, 8].map((port) => ({ port }))));
    expect(words(report)).toContain('… and 2 more');
  });
});

test('slots that nobody serves are a warning', async () => {
  const report = await announcing(slotsOf([{ host: '', port: 10_000 }], 16_000));
  expect(words(report, 'cluster')).toMatchInlineSnapshot(`
    "! Cluster         A cluster (1 master, 0 replicas) that serves only 16000 of 16384 slots.
                      → It is being scaled or repaired, or was never finished: commands for the other keys fail."
  `);
});

test('without TLS the token goes to no other machine', async () => {
  const cache = await startCache({ verifier: entra.verifier, cluster: { masters: 2, announceHost: '10.1.2.3' } });
  open.push(cache);
  const asked: string[] = [];
  const network = networkTo(cache.port);
  const report = await diagnose(entra, {
    host: `localhost:${cache.port}`,
    network: {
      ...network,
      connect: (address, ...rest) => {
        asked.push(address);
        return network.connect(address, ...rest);
      },
    },
  });
  expect(words(report, 'cluster')).toMatchInlineSnapshot(`
    "! Cluster         A cluster (2 masters, 0 replicas). Not tried, because of an address on another machine: 2
                      nodes.
                      Without TLS, the token would be sent there in plain text.
                      → Let the nodes announce 127.0.0.1 (cluster-announce-ip), or use TLS."
  `);
  expect(new Set(asked)).toEqual(new Set(['127.0.0.1']));
});

describe('CLUSTER SLOTS', () => {
  test('each node once, with its role; a node without an address is reached by the name connected to', () => {
    const view = readClusterSlots(
      [
        [0, 99, ['10.0.0.1', 1], ['10.0.0.2', 2]],
        [100, 199, ['10.0.0.1', 1]],
        [200, 200, [null, 3]],
        [201, 201, ['?', 4]],
      ],
      'cache',
    );
    expect(view).toEqual({
      slots: 202,
      nodes: [
        { host: '10.0.0.1', port: 1, role: 'master' },
        { host: '10.0.0.2', port: 2, role: 'replica' },
        { host: 'cache', port: 3, role: 'master' },
        { host: 'cache', port: 4, role: 'master' },
      ],
    });
  });

  test.each([[null], [[]], [[7, [0], [0, 1, 'x'], [0, 1, ['host', 'port']]]]])(
    'what makes no sense has no nodes: %j',
    (reply) => {
      expect(readClusterSlots(reply, 'cache').nodes).toEqual([]);
    },
  );
});
