import { describe, expect, test } from 'vitest';
import { cacheForRedis, stepOf, words } from './support/doctor.ts';
import { serversOfTests } from './support/servers.ts';

const { azureWith, diagnoseFake } = serversOfTests();

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
                        2. If it may use certain keys only, try one of those:
                           npx entra-redis doctor my-cache.westeurope.redis.azure.net:10000 --key-prefix PREFIX
                        3. If it may only read, skip the write:
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
                        2. If it may use certain keys only, try one of those:
                           npx entra-redis doctor my-cache.redis.cache.windows.net:6380 --key-prefix PREFIX
                        3. If it may only read, skip the write:
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
    const asked: string[] = [];
    const report = await diagnoseFake((command) => {
      asked.push(command);
      return { PING: '+PONG\r\n', GET: '$5\r\nother\r\n' }[command];
    });
    expect(asked.at(-1)).toBe('DEL');
    expect(words(report)).toMatchInlineSnapshot(
      `"✗ Write and read  The key entra-redis-doctor:random-2 was written, and read as something else."`,
    );
  });

  test('--no-write writes nothing', async () => {
    const azure = await azureWith();
    const report = await azure.diagnose({ write: false });
    expect(words(report, 'write-read')).toMatchInlineSnapshot(
      `"✓ Write and read  Skipped, as requested by --no-write."`,
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
