import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import {
  cacheForRedis,
  diagnose,
  identity,
  networkTo,
  startAzure,
  type Azure,
  stepOf,
  tokenOf,
  words,
} from './support/doctor.ts';
import { startEntra } from '@entra-redis/emulator';
import { type Answer, startFakeServer, startRawServer } from './support/fake-server.ts';

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each[Symbol.asyncDispose]();
});

async function azureWith(...options: Parameters<typeof startAzure>): Promise<Azure> {
  const azure = await startAzure(...options);
  open.push(azure);
  return azure;
}

/** Runs against a server that answers as a working one, but for what `answer` says. */
async function diagnoseFake(answer: Answer): ReturnType<typeof diagnose> {
  const entra = await startEntra(identity);
  const server = await startFakeServer((command, args, socket) => answer(command, args, socket) ?? '+OK\r\n');
  open.push({
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await entra.close();
    },
  });
  return await diagnose(entra, {
    host: `127.0.0.1:${server.port}`,
    plainText: true,
    network: networkTo(server.port),
    timeoutMs: 1000,
  });
}

const nobody = { verify: () => ({ ok: false, reason: 'nobody is let in' }) as const };

test('when all is well, every step says what it found', async () => {
  const azure = await azureWith();
  const report = await azure.diagnose();
  expect(report).toMatchObject({ ok: true, exitCode: 0 });
  const found = report.steps.map(({ id }) => words(report, id).split('\n')[0]).join('\n');
  expect(found).toMatchInlineSnapshot(`
    "✓ DNS             my-cache.westeurope.redis.azure.net is 127.0.0.1.
    ✓ TCP             Connected to 127.0.0.1:10000.
    ✓ TLS             TLSv1.3; the certificate is for my-cache.westeurope.redis.azure.net, and valid until <time>
    ✓ Credential      TestCredential answered.
    ✓ Token           For a service principal or managed identity, object id 00000000-0000-4000-8000-00000000000c.
    ✓ AUTH            The server accepts 00000000-0000-4000-8000-00000000000c with this token.
    ✓ ACL WHOAMI      The connection is logged in as 00000000-0000-4000-8000-00000000000c.
    ✓ PING            PONG, in <duration>.
    ✓ Write and read  The key entra-redis-doctor:random-2 was written, read and deleted.
    ✓ Cluster         No cluster: one endpoint has every key. Use a plain client.
    ✓ RESP3           RESP3 works: redis 7.0.15, standalone. Subscribers can log in again in place.
    ✓ Re-AUTH         A second AUTH on the open connection is accepted (CLIENT ID 1 as before)."
  `);
});

describe('AUTH', () => {
  test('WRONGPASS at Azure Managed Redis names the page and the object id to add', async () => {
    const report = await (await azureWith({ verifier: nobody })).diagnose();
    expect(report.exitCode).toBe(15);
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ AUTH            The server refused the login of object id 00000000-0000-4000-8000-00000000000c (WRONGPASS):
                        it has no data access policy for it, or does not accept the token.
                        The server said: WRONGPASS invalid username-password pair or user is disabled.
                        1. Give it access. In the Azure portal: the cache > Authentication > Microsoft Entra
                           Authentication > Select member, object id 00000000-0000-4000-8000-00000000000c. Or:
                           az redisenterprise database access-policy-assignment create --resource-group RESOURCE_GROUP --cluster-name my-cache --database-name default --access-policy-assignment-name NAME --access-policy-name default --object-id 00000000-0000-4000-8000-00000000000c
                        2. Is another id in the list? Neither the application (client) id
                           (00000000-0000-4000-8000-00000000000b) nor the object id of the app registration counts,
                           but that of the service principal: Entra > Enterprise applications > Object ID, or the
                           Object (principal) ID of a managed identity.
                        3. The token is of tenant 00000000-0000-4000-8000-00000000000a: it must be the tenant of the
                           cache's subscription. Another one:
                           npx entra-redis doctor my-cache.westeurope.redis.azure.net:10000 --tenant TENANT_ID"
    `);
  });

  test('WRONGPASS at Azure Cache for Redis', async () => {
    const report = await (await azureWith({ host: cacheForRedis, verifier: nobody })).diagnose();
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ AUTH            The server refused the login of object id 00000000-0000-4000-8000-00000000000c (WRONGPASS):
                        it has no data access policy for it, or does not accept the token.
                        The server said: WRONGPASS invalid username-password pair or user is disabled.
                        1. Give it access. In the Azure portal: the cache > Data Access Configuration > Add > New
                           Redis User, a policy (Data Contributor reads and writes), object id
                           00000000-0000-4000-8000-00000000000c. Or:
                           az redis access-policy-assignment create --resource-group RESOURCE_GROUP --name my-cache --policy-assignment-name NAME --access-policy-name "Data Contributor" --object-id 00000000-0000-4000-8000-00000000000c --object-id-alias NAME
                        2. Microsoft Entra authentication must be on: the cache > Authentication > Enable Microsoft
                           Entra Authentication.
                        3. Is another id in the list? Neither the application (client) id
                           (00000000-0000-4000-8000-00000000000b) nor the object id of the app registration counts,
                           but that of the service principal: Entra > Enterprise applications > Object ID, or the
                           Object (principal) ID of a managed identity.
                        4. The token is of tenant 00000000-0000-4000-8000-00000000000a: it must be the tenant of the
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
                        it has no data access policy for it, or does not accept the token.
                        The server said: WRONGPASS invalid username-password pair or user is disabled.
                        1. Add object id 00000000-0000-4000-8000-00000000000c to the data access policies of the
                           cache. In the Azure portal: Azure Managed Redis has them under Authentication > Microsoft
                           Entra Authentication, Azure Cache for Redis under Data Access Configuration.
                        2. Is another id in the list? Neither the application (client) id
                           (00000000-0000-4000-8000-00000000000b) nor the object id of the app registration counts,
                           but that of the service principal: Entra > Enterprise applications > Object ID, or the
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
                        it has no data access policy for it, or does not accept the token.
                        The server said: WRONGPASS invalid
                        1. The emulator accepts the tokens of its own Entra alone: paste the exports that the
                           running one has printed.
                        2. Any other server: its user must be named 00000000-0000-4000-8000-00000000000c."
    `);
  });

  test('a user name of its own that does not fit the token', async () => {
    const report = await (await azureWith()).diagnose({ username: 'somebody' });
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ AUTH            The server refused the login of user name somebody (WRONGPASS): it has no data access policy
                        for it, or does not accept the token.
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
                        → 127.0.0.1:<port> asks nobody for a login, so it is not the cache; or Microsoft Entra
                          authentication is off."
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
    open.push({ [Symbol.asyncDispose]: () => server.close() }, entra);
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
      "✗ AUTH            What 127.0.0.1:<port> answered to AUTH is not Redis.
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
                        2. A fail-over or an update of the cache cuts connections: run this again.
                        3. If it happens every time: the cache accepts no connections from this address
                           (Networking), its limit of clients is reached, or a firewall cuts the connection."
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

describe('ACL WHOAMI', () => {
  test('a refusal does no harm', async () => {
    const report = await (await azureWith({ denied: ['ACL'] })).diagnose();
    expect(report.exitCode).toBe(0);
    expect(words(report, 'whoami')).toMatchInlineSnapshot(`
      "✓ ACL WHOAMI      The server does not tell, which does no harm.
                        It said: NOPERM this user has no permissions to run the 'acl|whoami' command"
    `);
  });

  test('default is suspicious', async () => {
    const report = await diagnoseFake((command) => (command === 'ACL' ? '$7\r\ndefault\r\n' : undefined));
    expect(words(report, 'whoami')).toMatchInlineSnapshot(`
      "! ACL WHOAMI      The server calls the connection default, so it may have ignored the login.
                        → That is as it should be behind a proxy that checks logins itself (the gate of the
                          emulator). On Azure, check that access keys are not what let you in."
    `);
  });

  test('a connection that is cut', async () => {
    const azure = await azureWith();
    azure.cache.fault({ match: 'ACL WHOAMI', action: { kind: 'cut' } });
    const report = await azure.diagnose();
    expect(report.exitCode).toBe(16);
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ ACL WHOAMI      my-cache.westeurope.redis.azure.net:10000 closed the connection at ACL WHOAMI.
                        1. A fail-over or an update of the cache cuts connections: run this again.
                        2. If it happens every time: the cache accepts no connections from this address
                           (Networking), its limit of clients is reached, or a firewall cuts the connection."
    `);
  });
});

describe('PING', () => {
  test('a server that starts', async () => {
    const azure = await azureWith();
    azure.cache.fault({
      match: 'PING',
      action: { kind: 'error', message: 'LOADING Redis is loading the dataset in memory' },
    });
    const report = await azure.diagnose();
    expect(report.exitCode).toBe(17);
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ PING            The server answered PING with an error.
                        The server said: LOADING Redis is loading the dataset in memory
                        → The server starts, fails over or is busy: run this again in a minute, and look at the
                          Resource health of the cache if it stays."
    `);
  });

  test('a server that logged the connection out', async () => {
    const azure = await azureWith();
    azure.cache.fault({ match: 'PING', action: { kind: 'error', message: 'NOAUTH Authentication required.' } });
    expect(words(await azure.diagnose())).toMatchInlineSnapshot(`
      "✗ PING            The server no longer counts the connection as logged in (NOAUTH).
                        The server said: NOAUTH Authentication required.
                        → Was the access policy assignment removed just now, or access changed? Then run this again."
    `);
  });

  test('an answer that is not PONG', async () => {
    const report = await diagnoseFake((command) => (command === 'PING' ? '+PANG\r\n' : undefined));
    expect(report.exitCode).toBe(17);
    expect(words(report)).toMatchInlineSnapshot(
      `"✗ PING            The server answered PING with something else than PONG: PANG"`,
    );
  });
});

describe('writing and reading', () => {
  test('NOPERM at Azure Managed Redis names the access policy', async () => {
    const report = await (await azureWith({ denied: ['SET'] })).diagnose();
    expect(report.exitCode).toBe(18);
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ Write and read  The access policy of object id 00000000-0000-4000-8000-00000000000c does not allow SET
                        (NOPERM).
                        The server said: NOPERM this user has no permissions to run the 'set' command
                        1. Look at the access string of its access policy assignment ("+@all ~*" allows everything),
                           and give it the commands and keys that the application needs.
                           az redisenterprise database access-policy-assignment list --resource-group RESOURCE_GROUP --cluster-name my-cache --database-name default
                        2. If it is meant to be allowed only certain keys, try one of those:
                           npx entra-redis doctor my-cache.westeurope.redis.azure.net:10000 --key-prefix PREFIX
                        3. If it is meant to read only, leave the writing out:
                           npx entra-redis doctor my-cache.westeurope.redis.azure.net:10000 --no-write"
    `);
  });

  test('NOPERM at Azure Cache for Redis', async () => {
    const report = await (await azureWith({ host: cacheForRedis, denied: ['SET'] })).diagnose();
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ Write and read  The access policy of object id 00000000-0000-4000-8000-00000000000c does not allow SET
                        (NOPERM).
                        The server said: NOPERM this user has no permissions to run the 'set' command
                        1. Look at its access policy: the cache > Data Access Configuration > Redis Users. Data
                           Reader may only read; Data Contributor reads and writes; a custom policy allows what its
                           permission string says.
                           az redis access-policy-assignment list --resource-group RESOURCE_GROUP --name my-cache
                        2. If it is meant to be allowed only certain keys, try one of those:
                           npx entra-redis doctor my-cache.redis.cache.windows.net:6380 --key-prefix PREFIX
                        3. If it is meant to read only, leave the writing out:
                           npx entra-redis doctor my-cache.redis.cache.windows.net:6380 --no-write"
    `);
  });

  test('NOPERM on the key', async () => {
    const azure = await azureWith();
    azure.cache.fault({ match: 'SET', action: { kind: 'error', message: 'NOPERM No permissions to access a key' } });
    expect(words(await azure.diagnose()).split('\n')[0]).toMatchInlineSnapshot(
      `"✗ Write and read  The access policy of object id 00000000-0000-4000-8000-00000000000c does not allow SET on"`,
    );
  });

  test('NOPERM on reading deletes what was written', async () => {
    const azure = await azureWith({ denied: ['GET'] });
    expect((await azure.diagnose()).exitCode).toBe(18);
    const commands = azure.cache.timeline.entries.flatMap(({ event, args }) =>
      event === 'command' ? [args?.[0]] : [],
    );
    expect(commands.slice(-3)).toEqual(['SET', 'GET', 'DEL']);
  });

  test('NOPERM on deleting is a warning: the key expires by itself', async () => {
    const azure = await azureWith({ denied: ['DEL'] });
    const report = await azure.diagnose();
    expect(report.exitCode).toBe(0);
    expect(words(report, 'write-read')).toMatchInlineSnapshot(`
      "! Write and read  The key entra-redis-doctor:random-2 was written and read; DEL is refused, so it expires by
                        itself within 60 s.
                        The server said: NOPERM this user has no permissions to run the 'del' command"
    `);
    const set = azure.cache.timeline.entries.find(({ args }) => args?.[0] === 'SET');
    expect(set?.args?.slice(3)).toEqual(['EX', '60']);
  });

  test('a full cache', async () => {
    const azure = await azureWith();
    azure.cache.fault({
      match: 'SET',
      action: { kind: 'error', message: "OOM command not allowed when used memory > 'maxmemory'." },
    });
    expect(words(await azure.diagnose())).toMatchInlineSnapshot(`
      "✗ Write and read  The server answered SET with an error.
                        The server said: OOM command not allowed when used memory > 'maxmemory'.
                        → The cache is full (metric Used Memory Percentage): choose a larger size, an eviction
                          policy, or expiry for keys."
    `);
  });

  test('a replica', async () => {
    const azure = await azureWith();
    azure.cache.fault({
      match: 'SET',
      action: { kind: 'error', message: "READONLY You can't write against a read only replica." },
    });
    expect(words(await azure.diagnose())).toMatchInlineSnapshot(`
      "✗ Write and read  The server answered SET with an error.
                        The server said: READONLY You can't write against a read only replica.
                        → This is a replica, or a geo-replication secondary: connect to the primary."
    `);
  });

  test('another value than was written', async () => {
    const report = await diagnoseFake((command) => ({ PING: '+PONG\r\n', GET: '$5\r\nother\r\n' })[command]);
    expect(words(report)).toMatchInlineSnapshot(
      `"✗ Write and read  The key entra-redis-doctor:random-2 was written, and read as something else."`,
    );
  });

  test('--no-write writes nothing', async () => {
    const azure = await azureWith();
    const report = await azure.diagnose({ write: false });
    expect(words(report, 'write-read')).toMatchInlineSnapshot(
      `"✓ Write and read  Left out, as asked for by --no-write."`,
    );
    expect(azure.cache.timeline.entries.some(({ args }) => args?.[0] === 'SET')).toBe(false);
  });

  test('a node of a cluster gets a key of its own', async () => {
    const azure = await azureWith({ cluster: { masters: 8 } });
    const report = await azure.diagnose();
    expect(stepOf(report, 'write-read').status).toBe('ok');
  });

  test('a node of a cluster without slots', async () => {
    const azure = await azureWith();
    azure.cache.fault({ match: 'SET', times: Infinity, action: { kind: 'error', message: 'MOVED 1 10.0.0.1:8500' } });
    expect(words(await azure.diagnose())).toMatchInlineSnapshot(`
      "✗ Write and read  None of 500 random keys belongs to this node of the cluster: it has hardly any slots.
                        The server said: MOVED 1 10.0.0.1:8500
                        → Connect to the name of the cache, or to a master that has slots."
    `);
  });
});

describe('RESP3', () => {
  test('a server that speaks RESP2 only is a warning', async () => {
    const report = await (await azureWith({ resp: 2 })).diagnose();
    expect(report.exitCode).toBe(0);
    expect(words(report, 'resp3')).toMatchInlineSnapshot(`
      "! RESP3           The server speaks RESP2 only: a subscriber cannot log in again on its connection.
                        The server said: NOPROTO unsupported protocol version
                        → Set your client to RESP2. The adapters of entra-redis hand subscribers over to a new
                          connection before their token expires: see "RESP2 subscribers" in their documentation."
    `);
  });

  test('a connection that is cut', async () => {
    const azure = await azureWith();
    azure.cache.fault({ match: 'HELLO', action: { kind: 'cut' } });
    expect((await azure.diagnose()).exitCode).toBe(20);
  });
});

describe('re-AUTH', () => {
  test('a refusal on the open connection', async () => {
    const azure = await azureWith();
    let asked = 0;
    const report = await azure.diagnose({
      requestToken: async () => {
        asked += 1;
        if (asked === 2) azure.cache.fault({ match: 'AUTH', action: { kind: 'error', message: 'WRONGPASS invalid' } });
        return await tokenOf(azure.entra);
      },
    });
    expect(report.exitCode).toBe(21);
    expect(words(report)).toContain('The server refused the login of object id');
  });

  test('no second token', async () => {
    const azure = await azureWith();
    let asked = 0;
    const report = await azure.diagnose({
      requestToken: async () => {
        asked += 1;
        if (asked === 2) throw new Error('AADSTS7000222: The provided client secret keys for app are expired.');
        return await tokenOf(azure.entra);
      },
    });
    expect(report.exitCode).toBe(21);
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ Re-AUTH         Microsoft Entra says that the client secret has expired.
                        AADSTS7000222: The provided client secret keys for app are expired.
                        → Make a new one (Entra > App registrations > the application > Certificates & secrets), and
                          put it into AZURE_CLIENT_SECRET."
    `);
  });
});
