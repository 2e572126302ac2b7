import { startCache } from '@entra-redis/emulator';
import { expect, test } from 'vitest';
import { spell } from '../src/finding.ts';
import { renderConclusion, renderHeading, renderStep, wrap } from '../src/render.ts';
import { redact, type Report } from '../src/report.ts';
import { steps } from '../src/steps/chain.ts';
import { parseTarget } from '../src/target.ts';
import { reasonOf } from '../src/words/credential.ts';
import { managedRedis, networkTo, normalize, startAzure, stepOf } from './support/doctor.ts';

test('every step has an exit code of its own', () => {
  expect(Object.fromEntries(steps.map(({ id, exitCode }) => [id, exitCode]))).toEqual({
    dns: 10,
    tcp: 11,
    tls: 12,
    credential: 13,
    token: 14,
    auth: 15,
    whoami: 16,
    ping: 17,
    'write-read': 18,
    cluster: 19,
    resp3: 20,
    're-auth': 21,
  });
});

test('the report for machines', async () => {
  await using azure = await startAzure({ denied: ['SET'] });
  const report = await azure.diagnose();
  expect(report).toMatchObject({
    schema: 1,
    ok: false,
    exitCode: 18,
    target: {
      host: 'my-cache.westeurope.redis.azure.net',
      port: 10_000,
      product: 'Azure Managed Redis',
      encrypted: true,
    },
  });
  expect(JSON.parse(normalize(JSON.stringify({ ...stepOf(report), durationMs: 0 })))).toMatchInlineSnapshot(`
    {
      "durationMs": 0,
      "exitCode": 18,
      "found": "The access policy of object id 00000000-0000-4000-8000-00000000000c does not allow SET (NOPERM).",
      "id": "write-read",
      "lines": [
        "The server said: NOPERM this user has no permissions to run the 'set' command",
      ],
      "problem": "noperm",
      "remedies": [
        {
          "command": "az redisenterprise database access-policy-assignment list --resource-group RESOURCE_GROUP --cluster-name my-cache --database-name default",
          "text": "Look at the access string of its access policy assignment ("+@all ~*" allows everything), and give it the commands and keys that the application needs.",
        },
        {
          "command": "npx entra-redis doctor my-cache.westeurope.redis.azure.net:10000 --key-prefix PREFIX",
          "text": "If it may use certain keys only, try one of those:",
        },
        {
          "command": "npx entra-redis doctor my-cache.westeurope.redis.azure.net:10000 --no-write",
          "text": "If it may only read, skip the write:",
        },
      ],
      "status": "failed",
      "title": "Write and read",
    }
  `);
  expect(stepOf(report, 're-auth')).toEqual({ id: 're-auth', title: 'Re-AUTH', exitCode: 21, status: 'not-reached' });
});

test('the steps after a failed one are not reached; each is told of as it ends', async () => {
  await using azure = await startAzure();
  const report = await azure.diagnose({ ca: undefined });
  const style = { paint: (_style: unknown, plain: string) => plain, width: 100 };
  const text = [
    renderHeading(parseTarget(managedRedis), style),
    ...report.steps.map((step) => renderStep(step, style)),
    renderConclusion(report, style),
  ].join('');
  expect(text.split('\n').filter((line) => !line.startsWith(' '))).toMatchInlineSnapshot(`
    [
      "my-cache.westeurope.redis.azure.net:10000 (Azure Managed Redis)",
      "",
      "✓ DNS             my-cache.westeurope.redis.azure.net is 127.0.0.1.",
      "✓ TCP             Connected to 127.0.0.1:10000.",
      "✗ TLS             The certificate of my-cache.westeurope.redis.azure.net is issued by entra-redis",
      "· Credential      not reached",
      "· Token           not reached",
      "· AUTH            not reached",
      "· ACL WHOAMI      not reached",
      "· PING            not reached",
      "· Write and read  not reached",
      "· Cluster         not reached",
      "· RESP3           not reached",
      "· Re-AUTH         not reached",
      "",
      "TLS failed: exit code 12.",
      "",
    ]
  `);
});

test('no connection is left open', async () => {
  await using azure = await startAzure({ cluster: { masters: 2 } });
  await azure.diagnose();
  await expect.poll(() => azure.cache.connections.length, { timeout: 30_000 }).toBe(0);
});

test('no connection is left open to a server without TLS', async () => {
  await using azure = await startAzure();
  await using cache = await startCache({ verifier: azure.entra.verifier });
  const report = await azure.diagnose({ host: `localhost:${cache.port}`, network: networkTo(cache.port) });
  expect(report.ok).toBe(true);
  await expect.poll(() => cache.connections.length, { timeout: 30_000 }).toBe(0);
});

test('tokens, whole or cut, are taken out of every text of a report', () => {
  const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJvaWQiOiIxIn0.c2ln-_bmF0dXJl';
  const report = {
    found: `it said ${jwt}!`,
    lines: ['secret', `cut ${jwt.slice(0, 30)}`],
    details: { deep: [{ text: jwt }] },
    n: 7,
  };
  expect(redact(report, 'secret')).toEqual({
    found: 'it said <token>!',
    lines: ['<token>', 'cut <token>'],
    details: { deep: [{ text: '<token>' }] },
    n: 7,
  });
});

test('a server that echoes the token does not get it into the report', async () => {
  await using azure = await startAzure();
  const { value, expiresAt } = await azure.entra.issueToken();
  azure.cache.fault({ match: 'AUTH', action: { kind: 'error', message: `ERR what is ${value}?` } });
  const report: Report = await azure.diagnose({
    requestToken: () => Promise.resolve({ token: { value, expiresAt, obtainedAt: 0 }, source: 'TestCredential' }),
  });
  expect(stepOf(report)).toMatchObject({ lines: ['The server said: ERR what is <token>?'] });
  for (const part of value.split('.')) expect(JSON.stringify(report)).not.toContain(part);
});

test('text is wrapped between words; a word that is too long stands alone', () => {
  expect(wrap('one two threefour five', 8)).toEqual(['one two', 'threefour', 'five']);
});

test.each([
  [40, '40 ms'],
  [3000, '3 s'],
  [-90_000, '90 s'],
  [3_599_000, '59 min'],
  [5 * 3_600_000, '5 h'],
  [12 * 86_400_000, '12 days'],
])('%d ms is spelled %s', (durationMs, text) => {
  expect(spell(durationMs)).toBe(text);
});

test.each([
  [
    'EnvironmentCredential authentication failed. To troubleshoot, visit https://x. Status code: 400\nMore details:\ninvalid_client: Error(s): 7000215 - Timestamp: 2026 - Description: AADSTS7000215: Invalid client secret provided. - Correlation ID: 1 - Trace ID: 2,',
    'EnvironmentCredential: AADSTS7000215: Invalid client secret provided.',
  ],
  [
    'EnvironmentCredential is unavailable. No underlying credential could be used. To troubleshoot, visit https://x',
    'EnvironmentCredential is unavailable. No underlying credential could be used.',
  ],
  [
    'Azure CLI could not be found. Please visit https://aka.ms/azure-cli for instructions',
    'Azure CLI could not be found.',
  ],
  [
    "AADSTS700016: Application with identifier 'x' was not found. Trace ID: 1 Correlation ID: 2",
    "AADSTS700016: Application with identifier 'x' was not found.",
  ],
])('a message of a credential is reduced to what it states', (message, reason) => {
  expect(reasonOf(new Error(message))).toBe(reason);
});
