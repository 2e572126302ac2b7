import { once } from 'node:events';
import { startEntra } from '@entra-redis/emulator';
import { describe, expect, test } from 'vitest';
import { cacheForRedis, diagnose, identity, networkTo, stepOf, tokenOf, words } from './support/doctor.ts';
import { startRawServer } from './support/fake-server.ts';
import { serversOfTests } from './support/servers.ts';

const { azureWith, diagnoseFake, keep } = serversOfTests();

const nobody = { verify: () => ({ ok: false, reason: 'nobody is let in' }) as const };

describe('AUTH', () => {
  test('WRONGPASS at Azure Managed Redis names the page and the object id to add', async () => {
    const report = await (await azureWith({ verifier: nobody })).diagnose();
    expect(report.exitCode).toBe(15);
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ AUTH            The server refused the login of object id 00000000-0000-4000-8000-00000000000c (WRONGPASS):
                        the cache has no access policy for this id, or does not accept the token.
                        The server said: WRONGPASS invalid username-password pair or user is disabled.
                        1. Give it access. In the Azure portal: the cache > Authentication > Microsoft Entra
                           Authentication > Select member, object id 00000000-0000-4000-8000-00000000000c. Or:
                           az redisenterprise database access-policy-assignment create --resource-group RESOURCE_GROUP --cluster-name my-cache --database-name default --access-policy-assignment-name NAME --access-policy-name default --object-id 00000000-0000-4000-8000-00000000000c
                        2. To see who has access:
                           az redisenterprise database access-policy-assignment list --resource-group RESOURCE_GROUP --cluster-name my-cache --database-name default
                        3. Is another id in the list? Neither the application (client) id
                           (00000000-0000-4000-8000-00000000000b) nor the object id of the app registration works,
                           only that of the service principal: Entra > Enterprise applications > Object ID, or the
                           Object (principal) ID of a managed identity.
                        4. The token is of tenant 00000000-0000-4000-8000-00000000000a: it must be the tenant of the
                           cache's subscription. Another one:
                           npx entra-redis doctor my-cache.westeurope.redis.azure.net:10000 --tenant TENANT_ID"
    `);
  });

  test('WRONGPASS at Azure Cache for Redis', async () => {
    const report = await (await azureWith({ host: cacheForRedis, verifier: nobody })).diagnose();
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ AUTH            The server refused the login of object id 00000000-0000-4000-8000-00000000000c (WRONGPASS):
                        the cache has no access policy for this id, or does not accept the token.
                        The server said: WRONGPASS invalid username-password pair or user is disabled.
                        1. Give it access. In the Azure portal: the cache > Data Access Configuration > Add > New
                           Redis User, a policy (Data Contributor reads and writes), object id
                           00000000-0000-4000-8000-00000000000c. Or:
                           az redis access-policy-assignment create --resource-group RESOURCE_GROUP --name my-cache --policy-assignment-name NAME --access-policy-name "Data Contributor" --object-id 00000000-0000-4000-8000-00000000000c --object-id-alias NAME
                        2. Microsoft Entra authentication must be on: the cache > Authentication > Enable Microsoft
                           Entra Authentication.
                        3. To see who has access:
                           az redis access-policy-assignment list --resource-group RESOURCE_GROUP --name my-cache
                        4. Is another id in the list? Neither the application (client) id
                           (00000000-0000-4000-8000-00000000000b) nor the object id of the app registration works,
                           only that of the service principal: Entra > Enterprise applications > Object ID, or the
                           Object (principal) ID of a managed identity.
                        5. The token is of tenant 00000000-0000-4000-8000-00000000000a: it must be the tenant of the
                           cache's subscription. Another one:
                           npx entra-redis doctor my-cache.redis.cache.windows.net:6380 --tenant TENANT_ID"
    `);
  });

  test('WRONGPASS at the Enterprise tiers, which know no Entra', async () => {
    const host = 'my-cache.eastus.redisenterprise.cache.azure.net';
    const report = await (await azureWith({ host, verifier: nobody })).diagnose();
    expect(words(report)).toContain('The Enterprise tiers have no Microsoft Entra authentication');
  });

  test('WRONGPASS at a name of your own', async () => {
    const report = await (await azureWith({ host: 'redis.example.com', verifier: nobody })).diagnose({
      host: 'redis.example.com:10000',
    });
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ AUTH            The server refused the login of object id 00000000-0000-4000-8000-00000000000c (WRONGPASS):
                        the cache has no access policy for this id, or does not accept the token.
                        The server said: WRONGPASS invalid username-password pair or user is disabled.
                        1. Add object id 00000000-0000-4000-8000-00000000000c to the data access policies of the
                           cache. In the Azure portal: Azure Managed Redis has them under Authentication > Microsoft
                           Entra Authentication, Azure Cache for Redis under Data Access Configuration.
                        2. Is another id in the list? Neither the application (client) id
                           (00000000-0000-4000-8000-00000000000b) nor the object id of the app registration works,
                           only that of the service principal: Entra > Enterprise applications > Object ID, or the
                           Object (principal) ID of a managed identity.
                        3. The token is of tenant 00000000-0000-4000-8000-00000000000a: it must be the tenant of the
                           cache's subscription. Another one:
                           npx entra-redis doctor redis.example.com:10000 --tenant TENANT_ID"
    `);
  });

  test('WRONGPASS at the emulator: its exports are of another run', async () => {
    const report = await diagnoseFake((command) => (command === 'AUTH' ? '-WRONGPASS invalid\r\n' : undefined));
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ AUTH            The server refused the login of object id 00000000-0000-4000-8000-00000000000c (WRONGPASS):
                        the cache has no access policy for this id, or does not accept the token.
                        The server said: WRONGPASS invalid
                        1. The emulator accepts only the tokens of its own Entra: paste the exports that the running
                           one has printed.
                        2. If it was started with --allow or --read-only, one of them must name
                           00000000-0000-4000-8000-00000000000c.
                        3. A plain Redis accepts no tokens: put the emulator in front of it, with an identity of its
                           own.
                           npx entra-redis emulate --upstream redis://127.0.0.1:<port>
                        4. Any other server: its user must be named 00000000-0000-4000-8000-00000000000c."
    `);
  });

  test('a user name of its own that does not fit the token', async () => {
    const report = await (await azureWith()).diagnose({ username: 'somebody' });
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ AUTH            The server refused the login of user name somebody (WRONGPASS): the cache has no access
                        policy for this id, or does not accept the token.
                        The server said: WRONGPASS invalid username-password pair or user is disabled.
                        → The user name is from --username; the token is for object id
                          00000000-0000-4000-8000-00000000000c: leave out --username."
    `);
  });

  test('a server that asks nobody for a login', async () => {
    const report = await diagnoseFake((command) =>
      command === 'AUTH' ? '-ERR AUTH <password> called without any password configured\r\n' : undefined,
    );
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ AUTH            The server answered AUTH with an error.
                        The server said: ERR AUTH <password> called without any password configured
                        1. 127.0.0.1:<port> requires no login, so it is not the cache; or Microsoft Entra
                           authentication is off.
                        2. A plain Redis accepts no tokens: put the emulator in front of it, with an identity of its
                           own.
                           npx entra-redis emulate --upstream redis://127.0.0.1:<port>"
    `);
  });

  test('too many clients', async () => {
    const report = await diagnoseFake(() => '-ERR max number of clients reached\r\n');
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ AUTH            The server answered AUTH with an error.
                        The server said: ERR max number of clients reached
                        → Look for connections that are never closed (metric Connected Clients), or choose a larger
                          size."
    `);
  });

  test('too many clients, said before anything is asked', async () => {
    const entra = await startEntra(identity);
    const server = await startRawServer((socket) => socket.end('-ERR max number of clients reached\r\n'));
    keep(entra, server);
    let closed: Promise<unknown> | undefined;
    const network = networkTo(server.port);
    const report = await diagnose(entra, {
      host: `127.0.0.1:${server.port}`,
      plainText: true,
      network: {
        ...network,
        connect: async (...args) => {
          const socket = await network.connect(...args);
          closed = once(socket, 'close');
          return socket;
        },
      },
      requestToken: async () => {
        await closed;
        return await tokenOf(entra);
      },
    });
    expect(report.exitCode).toBe(15);
    expect(stepOf(report)).toMatchObject({ problem: 'too-many-clients' });
  });

  test('something that is no Redis', async () => {
    const report = await diagnoseFake(() => 'HTTP/1.1 400 Bad Request\r\n\r\n');
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ AUTH            The answer of 127.0.0.1:<port> to AUTH is not from Redis.
                        → Another service listens on this port."
    `);
  });

  test('a connection that is closed', async () => {
    const report = await diagnoseFake((_command, _args, socket) => {
      socket.end();
      return '';
    });
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ AUTH            127.0.0.1:<port> closed the connection at AUTH.
                        1. It may speak TLS: leave out --plain-text.
                        2. A fail-over or an update of the cache closes connections: run this again.
                        3. If it happens every time: the cache accepts no connections from this address
                           (Networking), its limit of clients is reached, or a firewall closes the connection."
    `);
  });

  test('no answer', async () => {
    const report = await diagnoseFake((command) => (command === 'AUTH' ? '' : undefined));
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ AUTH            127.0.0.1:<port> gave no reply to AUTH within 1 s.
                        → A busy server, or a proxy that lost it: run this again, with more time.
                          npx entra-redis doctor 127.0.0.1:<port> --timeout 30"
    `);
  });
});
