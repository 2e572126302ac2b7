import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import { type CacheServer, type EntraServer, startCache, startEntra, type TlsIdentity } from '@entra-redis/emulator';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { faultyIdentity } from './support/certificates.ts';
import {
  type Azure,
  cacheForRedis,
  diagnose,
  identity,
  managedRedis,
  networkTo,
  startAzure,
  words,
} from './support/doctor.ts';
import { startRawServer } from './support/fake-server.ts';

let entra: EntraServer;
let azure: Azure;
const open: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  [entra, azure] = await Promise.all([startEntra(identity), startAzure()]);
});
afterAll(async () => {
  await azure[Symbol.asyncDispose]();
  await entra.close();
});
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function cacheWith(tls?: TlsIdentity): Promise<CacheServer> {
  const cache = await startCache({ verifier: entra.verifier, ...(tls === undefined ? {} : { tls }) });
  open.push(cache);
  return cache;
}

test('a certificate that is as it should be', async () => {
  expect(words(await azure.diagnose(), 'tls')).toMatchInlineSnapshot(`
    "✓ TLS             TLSv1.3; the certificate is for my-cache.westeurope.redis.azure.net, and valid until <time>
                      (<duration>).
                      Issued by entra-redis emulator <id>."
  `);
});

test('a certificate that ends soon is a warning', async () => {
  const tls = await faultyIdentity(managedRedis, { from: -60, to: 5 });
  const report = await diagnose(entra, { network: networkTo((await cacheWith(tls)).port), ca: tls.ca });
  expect(report.exitCode).toBe(0);
  expect(words(report, 'tls')).toMatchInlineSnapshot(`
    "! TLS             TLSv1.3; the certificate is for my-cache.westeurope.redis.azure.net, and valid until <time>
                      (<duration>).
                      Issued by Test authority.
                      → The operator of this server must renew its certificate; Azure does that automatically."
  `);
});

describe('certificates that cannot be trusted', () => {
  test('for another name', async () => {
    const report = await azure.diagnose({ host: 'redis.example.com:10000' });
    expect(report.exitCode).toBe(12);
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ TLS             The certificate is valid, but it is for my-cache.westeurope.redis.azure.net, not for
                        redis.example.com.
                        1. Connect by a name of the certificate: my-cache.westeurope.redis.azure.net. An alias of
                           your own (CNAME) or an IP address is not in it.
                        2. If redis.example.com is an address or alias of the same cache, verify against its real
                           name; clients have the option servername for that:
                           npx entra-redis doctor redis.example.com:10000 --servername my-cache.westeurope.redis.azure.net
                        3. If neither explains it, something on the way answers instead of the cache: do not turn
                           verification off."
    `);
  });

  test('--servername verifies against the real name', async () => {
    const report = await azure.diagnose({ host: 'redis.example.com:10000', servername: managedRedis });
    expect(report.exitCode).toBe(0);
  });

  test('expired', async () => {
    const tls = await faultyIdentity(managedRedis, { from: -20, to: -3.5 });
    const report = await diagnose(entra, { network: networkTo((await cacheWith(tls)).port), ca: tls.ca });
    expect(report.exitCode).toBe(12);
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ TLS             The certificate expired on <time>, 3 days ago.
                        1. Is the clock of this machine right? It says <time>.
                        2. If it is, the operator of this server must renew its certificate; Azure does that
                           automatically, so a proxy may answer in its place."
    `);
  });

  test('not yet valid', async () => {
    const tls = await faultyIdentity(managedRedis, { from: 3.5, to: 10 });
    const report = await diagnose(entra, { network: networkTo((await cacheWith(tls)).port), ca: tls.ca });
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ TLS             The certificate is valid only from <time>: in 3 days.
                        → The clock of this machine says <time>: it is probably slow."
    `);
  });

  test('self-signed', async () => {
    const tls = await faultyIdentity(managedRedis, { selfSigned: true });
    const report = await diagnose(entra, { network: networkTo((await cacheWith(tls)).port) });
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ TLS             The certificate of my-cache.westeurope.redis.azure.net is self-signed: anybody could have
                        created it.
                        1. If it is your own authority (a test server, a proxy of the company that inspects TLS),
                           give its certificate, for this command and for every Node.js program:
                           export NODE_EXTRA_CA_CERTS=/path/to/authority.pem
                        2. The certificates of Azure are issued by public authorities that Node.js trusts: if nobody
                           inspects TLS on the way, be suspicious. Do not turn verification off."
    `);
  });

  test('of an authority that nobody knows', async () => {
    const report = await azure.diagnose({ ca: undefined });
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ TLS             The certificate of my-cache.westeurope.redis.azure.net is issued by entra-redis emulator
                        <id>, which this machine does not trust (UNABLE_TO_VERIFY_LEAF_SIGNATURE).
                        1. If it is your own authority (a test server, a proxy of the company that inspects TLS),
                           give its certificate, for this command and for every Node.js program:
                           export NODE_EXTRA_CA_CERTS=/path/to/authority.pem
                        2. The certificates of Azure are issued by public authorities that Node.js trusts: if nobody
                           inspects TLS on the way, be suspicious. Do not turn verification off."
    `);
  });

  test('nothing is sent to a server that is not trusted', async () => {
    azure.cache.timeline.clear();
    await azure.diagnose({ ca: undefined });
    expect(azure.cache.timeline.entries.filter(({ event }) => event === 'command')).toEqual([]);
  });
});

describe('a server that does not speak TLS', () => {
  test('plain Redis on a port of Azure', async () => {
    const { port } = await cacheWith();
    const report = await diagnose(entra, {
      host: `${cacheForRedis}:6379`,
      network: networkTo(port, { connect: (_address, _port, ms) => networkTo(port).connect('', 6380, ms) }),
    });
    expect(report.exitCode).toBe(12);
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ TLS             my-cache.redis.cache.windows.net:6379 is a Redis that speaks plain text, not TLS.
                        1. Use port 6380: 6379 is the port without TLS.
                        2. A token must never travel in plain text, and Microsoft Entra authentication works over
                           TLS alone."
    `);
  });

  test('plain Redis on this machine is used as it is', async () => {
    const { port } = await cacheWith();
    const report = await diagnose(entra, { host: `127.0.0.1:${port}`, network: networkTo(port) });
    expect(report.exitCode).toBe(0);
    expect(words(report, 'tls')).toMatchInlineSnapshot(
      `"✓ TLS             The server uses no TLS, which is acceptable on this machine."`,
    );
  });

  test('unless --tls insists', async () => {
    const { port } = await cacheWith();
    const report = await diagnose(entra, { host: `127.0.0.1:${port}`, tls: true, network: networkTo(port) });
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ TLS             127.0.0.1:<port> is a Redis that speaks plain text, not TLS.
                        → Leave out --tls, or start a server that speaks TLS:
                          npx entra-redis emulate --tls"
    `);
  });

  test('a name of this machine that leads elsewhere gets no token in plain text', async () => {
    const { port } = await cacheWith();
    const network = { ...networkTo(port), lookup: () => Promise.resolve(['10.1.2.3']) };
    const asked = await diagnose(entra, { host: `localhost:${port}`, plainText: true, network });
    expect(words(asked)).toMatchInlineSnapshot(`
      "✗ TLS             localhost is 10.1.2.3, which is not this machine: the token would be sent to it in plain
                        text.
                        → Leave out --plain-text."
    `);
    const either = await diagnose(entra, { host: `localhost:${port}`, network });
    expect(either.exitCode).toBe(12);
  });

  test('a web server', async () => {
    const server = createServer((_request, response) => response.end('hello'));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    open.push({ close: () => new Promise((resolve) => server.close(() => resolve())) });
    const report = await diagnose(entra, { network: networkTo((server.address() as AddressInfo).port) });
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ TLS             my-cache.westeurope.redis.azure.net:10000 answered, but neither with TLS nor as a Redis
                        (ERR_SSL_WRONG_VERSION_NUMBER).
                        1. Another service listens on this port, or a proxy answers instead of the cache.
                        2. 10000 is the right port for Azure Managed Redis. Look at Status on the Overview page of
                           the cache: while it is being created, updated or scaled, it may listen on nothing."
    `);
  });

  test('a connection that is closed', async () => {
    const server = await startRawServer((socket) => socket.destroy());
    open.push(server);
    const report = await diagnose(entra, { network: networkTo(server.port) });
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ TLS             my-cache.westeurope.redis.azure.net:10000 accepted the connection, and closed it during the
                        TLS handshake.
                        1. A firewall that inspects connections does that, and a cache that accepts no connections
                           from this address.
                        2. In the Azure portal, open the cache, then Networking: with public network access disabled
                           only private endpoints reach it, and with firewall rules only the addresses in them. Or:
                           az redisenterprise show --resource-group RESOURCE_GROUP --cluster-name my-cache --query publicNetworkAccess
                        3. If the cache has a private endpoint, this machine must be in its virtual network (or
                           peered with it), and the private DNS zone privatelink.redis.azure.net must be linked to
                           that network.
                        4. 10000 is the right port for Azure Managed Redis. Look at Status on the Overview page of
                           the cache: while it is being created, updated or scaled, it may listen on nothing."
    `);
  });

  test('a connection on which nobody answers', async () => {
    const server = await startRawServer((socket) => socket.resume());
    open.push(server);
    const report = await diagnose(entra, { network: networkTo(server.port), timeoutMs: 500 });
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ TLS             my-cache.westeurope.redis.azure.net:10000 accepted the connection, and then sent nothing for
                        500 ms.
                        1. A proxy or load balancer that accepts connections for a server that it cannot reach looks
                           like that; so does a port of another service.
                        2. 10000 is the right port for Azure Managed Redis. Look at Status on the Overview page of
                           the cache: while it is being created, updated or scaled, it may listen on nothing."
    `);
  });
});
