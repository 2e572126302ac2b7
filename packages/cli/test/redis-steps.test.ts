import { describe, expect, test } from 'vitest';
import type { TokenAnswer } from '../src/types.ts';
import { tokenOf, words } from './support/doctor.ts';
import { serversOfTests } from './support/servers.ts';

const { azureWith, diagnoseFake } = serversOfTests();

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

describe('ACL WHOAMI', () => {
  test('a refusal does no harm', async () => {
    const report = await (await azureWith({ denied: ['ACL'] })).diagnose();
    expect(report.exitCode).toBe(0);
    expect(words(report, 'whoami')).toMatchInlineSnapshot(`
      "✓ ACL WHOAMI      The server does not say, which is harmless.
                        It said: NOPERM this user has no permissions to run the 'acl|whoami' command"
    `);
  });

  test('default is suspicious', async () => {
    const report = await diagnoseFake((command) => (command === 'ACL' ? '$7\r\ndefault\r\n' : undefined));
    expect(words(report, 'whoami')).toMatchInlineSnapshot(`
      "! ACL WHOAMI      The server calls the connection default, so it may have ignored the login.
                        → That is as it should be behind a proxy that checks logins itself (the gate of the
                          emulator). On Azure, check that the login did not use an access key."
    `);
  });

  test('a connection that is cut', async () => {
    const azure = await azureWith();
    azure.cache.fault({ match: 'ACL WHOAMI', action: { kind: 'cut' } });
    const report = await azure.diagnose();
    expect(report.exitCode).toBe(16);
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ ACL WHOAMI      my-cache.westeurope.redis.azure.net:10000 closed the connection at ACL WHOAMI.
                        1. A fail-over or an update of the cache closes connections: run this again.
                        2. If it happens every time: the cache accepts no connections from this address
                           (Networking), its limit of clients is reached, or a firewall closes the connection."
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
                        → The server is starting, failing over or busy: run this again in a minute, and if this
                          continues, look at the Resource health of the cache."
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
      `"✗ PING            The server answered PING with something other than PONG: PANG"`,
    );
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

  test('a server that quotes a piece of the second token does not get it into the report', async () => {
    const azure = await azureWith();
    const tokens = [await tokenOf(azure.entra), await tokenOf(azure.entra)];
    const signature = tokens[1]?.token.value.split('.')[2]?.slice(0, 40) ?? '';
    const report = await azure.diagnose({
      requestToken: () => {
        const answer = tokens.shift();
        if (tokens.length === 0)
          azure.cache.fault({ match: 'AUTH', action: { kind: 'error', message: `ERR what is ${signature}?` } });
        return Promise.resolve(answer as TokenAnswer);
      },
    });
    expect(words(report)).toContain('The server said: ERR what is <token>?');
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
                        → Create a new one (Entra > App registrations > the application > Certificates & secrets),
                          and set AZURE_CLIENT_SECRET to it."
    `);
  });
});
