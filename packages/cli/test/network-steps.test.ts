import { type EntraServer, startEntra } from '@entra-redis/emulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemNetwork } from '../src/io/network.ts';
import {
  cacheForRedis,
  diagnose,
  failing,
  identity,
  managedRedis,
  networkTo,
  stepOf,
  words,
} from './support/doctor.ts';

let entra: EntraServer;
beforeAll(async () => {
  entra = await startEntra(identity);
});
afterAll(() => entra.close());

describe('DNS', () => {
  test('a name that does not exist', async () => {
    const report = await diagnose(entra, { network: networkTo(1, { lookup: failing('ENOTFOUND') }) });
    expect(report.exitCode).toBe(10);
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ DNS             No DNS server knows the name my-cache.westeurope.redis.azure.net.
                        1. Compare the host name with Endpoint on the Overview page of the cache in the Azure
                           portal: NAME.REGION.redis.azure.net, the region included. Or:
                           az redisenterprise show --resource-group RESOURCE_GROUP --cluster-name my-cache --query hostName --output tsv
                        2. If the cache has a private endpoint, this machine must be in its virtual network (or
                           peered with it), and the private DNS zone privatelink.redis.azure.net must be linked to
                           that network."
    `);
    expect(report.steps.slice(1).map(({ status }) => status)).toEqual(Array(11).fill('not-reached'));
  });

  test('a name of Azure Cache for Redis that does not exist', async () => {
    const report = await diagnose(entra, {
      host: cacheForRedis,
      network: networkTo(1, { lookup: failing('ENOTFOUND') }),
    });
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ DNS             No DNS server knows the name my-cache.redis.cache.windows.net.
                        1. Compare the host name with Host name on the Overview page of the cache in the Azure
                           portal: NAME.redis.cache.windows.net. Or:
                           az redis show --resource-group RESOURCE_GROUP --name my-cache --query hostName --output tsv
                        2. If the cache has a private endpoint, this machine must be in its virtual network (or
                           peered with it), and the private DNS zone privatelink.redis.cache.windows.net must be
                           linked to that network."
    `);
  });

  test('a name of another cloud that does not exist', async () => {
    const host = 'my-cache.redis.cache.usgovcloudapi.net';
    const report = await diagnose(entra, { host, network: networkTo(1, { lookup: failing('ENOTFOUND') }) });
    const text = JSON.stringify(stepOf(report));
    expect(text).toContain('NAME.redis.cache.usgovcloudapi.net');
    expect(text).toContain('the private DNS zone privatelink.redis.cache.usgovcloudapi.net must');
  });

  test('no answer from the DNS server', async () => {
    const report = await diagnose(entra, { network: networkTo(1, { lookup: failing('EAI_AGAIN') }) });
    expect(report.exitCode).toBe(10);
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ DNS             The DNS server gave no answer for my-cache.westeurope.redis.azure.net (EAI_AGAIN): this says
                        nothing about the cache.
                        1. Check that this machine (or container) has a network, and which DNS servers it uses: a
                           VPN or a virtual network may have changed them.
                        2. Try another name:
                           node -e "require('dns').lookup('login.microsoftonline.com', console.log)""
    `);
  });

  test('the system is asked, as long as the time limit allows', async () => {
    expect(await systemNetwork.lookup('localhost', 60_000)).toContain('127.0.0.1');
    await expect(systemNetwork.lookup('localhost', 1)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  });

  test('a public address, though the cache has a private endpoint', async () => {
    const network = networkTo(1, {
      lookup: () => Promise.resolve(['20.1.2.3']),
      aliases: () => Promise.resolve(['my-cache.westeurope.privatelink.redis.azure.net']),
      connect: failing('ETIMEDOUT'),
    });
    const report = await diagnose(entra, { network });
    expect(words(report, 'dns')).toMatchInlineSnapshot(`
      "! DNS             my-cache.westeurope.redis.azure.net is 20.1.2.3, a public address, though the cache has a
                        private endpoint.
                        → If this machine should use the private endpoint: link the private DNS zone
                          privatelink.redis.azure.net to its virtual network, or forward the zone to Azure DNS
                          (168.63.129.16) if your own DNS server answers."
    `);
    expect(words(report, 'tcp')).toMatchInlineSnapshot(`
      "✗ TCP             20.1.2.3:10000 did not answer within 2 s: packets are dropped on the way.
                        A firewall, or an endpoint that this network may not reach, looks like that. A wrong port on
                        a reachable host is refused at once.
                        1. If the cache has a private endpoint, this machine must be in its virtual network (or
                           peered with it), and the private DNS zone privatelink.redis.azure.net must be linked to
                           that network.
                        2. In the Azure portal, open the cache, then Networking: with public network access disabled
                           only private endpoints reach it, and with firewall rules only the addresses in them. Or:
                           az redisenterprise show --resource-group RESOURCE_GROUP --cluster-name my-cache --query publicNetworkAccess
                        3. Firewalls on the way (company network, network security group, Azure Firewall, VPN) must
                           allow outgoing TCP to port 10000, and 8500-8599 for the nodes of a cluster (OSS
                           clustering policy)."
    `);
  });
});

describe('TCP', () => {
  test('silence of a public address: a firewall, or no public access', async () => {
    const network = networkTo(1, { lookup: () => Promise.resolve(['20.1.2.3']), connect: failing('ETIMEDOUT') });
    const report = await diagnose(entra, { network });
    expect(report.exitCode).toBe(11);
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ TCP             20.1.2.3:10000 did not answer within 2 s: packets are dropped on the way.
                        A firewall, or an endpoint that this network may not reach, looks like that. A wrong port on
                        a reachable host is refused at once.
                        1. In the Azure portal, open the cache, then Networking: with public network access disabled
                           only private endpoints reach it, and with firewall rules only the addresses in them. Or:
                           az redisenterprise show --resource-group RESOURCE_GROUP --cluster-name my-cache --query publicNetworkAccess
                        2. Firewalls on the way (company network, network security group, Azure Firewall, VPN) must
                           allow outgoing TCP to port 10000, and 8500-8599 for the nodes of a cluster (OSS
                           clustering policy).
                        3. If the cache has a private endpoint, this machine must be in its virtual network (or
                           peered with it), and the private DNS zone privatelink.redis.azure.net must be linked to
                           that network."
    `);
  });

  test('silence of a private address: a private endpoint that this machine does not reach', async () => {
    const network = networkTo(1, { lookup: () => Promise.resolve(['10.1.2.3']), connect: failing('ETIMEDOUT') });
    const report = await diagnose(entra, { network });
    expect(words(report, 'dns')).toMatchInlineSnapshot(
      `"✓ DNS             my-cache.westeurope.redis.azure.net is 10.1.2.3, in a private network."`,
    );
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ TCP             10.1.2.3:10000 did not answer within 2 s: packets are dropped on the way.
                        A firewall, or an endpoint that this network may not reach, looks like that. A wrong port on
                        a reachable host is refused at once.
                        1. The address is private: only its own virtual network, and networks peered or connected
                           with it by VPN or ExpressRoute, reach it. Run this where the application runs; an App
                           Service needs virtual network integration.
                        2. Firewalls on the way (company network, network security group, Azure Firewall, VPN) must
                           allow outgoing TCP to port 10000, and 8500-8599 for the nodes of a cluster (OSS
                           clustering policy)."
    `);
  });

  test('a refusal: the wrong port, and no firewall', async () => {
    const network = networkTo(1, { connect: failing('ECONNREFUSED') });
    const report = await diagnose(entra, { host: `${managedRedis}:6380`, network });
    expect(report.exitCode).toBe(11);
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ TCP             127.0.0.1:6380 answered, and refused: the way is open, and nothing listens on port 6380.
                        A firewall or a missing private endpoint is unlikely: those usually give no answer at all.
                        1. Azure Managed Redis listens on port 10000: leave the port out, or write 10000.
                        2. Compare the host name with Endpoint on the Overview page of the cache in the Azure
                           portal: NAME.REGION.redis.azure.net, the region included. Or:
                           az redisenterprise show --resource-group RESOURCE_GROUP --cluster-name my-cache --query hostName --output tsv"
    `);
  });

  test('a refusal at the right port', async () => {
    const network = networkTo(1, { connect: failing('ECONNREFUSED') });
    const report = await diagnose(entra, { host: cacheForRedis, network });
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ TCP             127.0.0.1:6380 answered, and refused: the way is open, and nothing listens on port 6380.
                        A firewall or a missing private endpoint is unlikely: those usually give no answer at all.
                        1. 6380 is the right port for Azure Cache for Redis. Look at Status on the Overview page of
                           the cache: while it is being created, updated or scaled, it may listen on nothing.
                        2. Compare the host name with Host name on the Overview page of the cache in the Azure
                           portal: NAME.redis.cache.windows.net. Or:
                           az redis show --resource-group RESOURCE_GROUP --name my-cache --query hostName --output tsv"
    `);
  });

  test('a refusal on this machine: really nothing listens', async () => {
    const cache = networkTo(1);
    const report = await diagnose(entra, { host: '127.0.0.1:1', network: cache });
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ TCP             127.0.0.1:1 answered, and refused: the way is open, and nothing listens on port 1.
                        A firewall or a missing private endpoint is unlikely: those usually give no answer at all.
                        → Is a server running there? For one to try:
                          npx entra-redis emulate"
    `);
  });

  test('no route', async () => {
    const network = networkTo(1, { lookup: () => Promise.resolve(['10.1.2.3']), connect: failing('EHOSTUNREACH') });
    const report = await diagnose(entra, { network });
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ TCP             This machine has no route to 10.1.2.3:10000 (EHOSTUNREACH).
                        1. Is the VPN up, the virtual network peered, the container given a network? An IPv6 address
                           needs IPv6 here.
                        2. The address is private: only its own virtual network, and networks peered or connected
                           with it by VPN or ExpressRoute, reach it. Run this where the application runs; an App
                           Service needs virtual network integration.
                        3. Firewalls on the way (company network, network security group, Azure Firewall, VPN) must
                           allow outgoing TCP to port 10000, and 8500-8599 for the nodes of a cluster (OSS
                           clustering policy)."
    `);
  });

  test('a firewall of this machine', async () => {
    const report = await diagnose(entra, { network: networkTo(1, { connect: failing('EACCES') }) });
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ TCP             This machine forbids connections to 127.0.0.1:10000 (EACCES).
                        → A firewall or a security policy of this machine (or container) does that."
    `);
  });

  test('one of two addresses suffices; the other is told about', async () => {
    const network = networkTo(1);
    const report = await diagnose(entra, {
      host: 'localhost:1234',
      network: { ...network, lookup: () => Promise.resolve(['::1', '127.0.0.1']), connect: failing('ECONNREFUSED') },
    });
    expect(stepOf(report)).toMatchObject({ problem: 'tcp-refused', details: { addresses: ['::1', '127.0.0.1'] } });
  });
});
