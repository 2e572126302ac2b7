import { expect, test } from 'vitest';
import { plain } from '../cache/helpers.ts';
import { bench } from './setup.ts';

const world = bench();

test.each([
  [['ZRANGE', 'z', '0', '-1'], []],
  [['ZADD', 'z', '1', 'a'], "-NOPERM this user has no permissions to run the 'zadd' command"],
  [['EVAL', 'return 1', '0'], "-NOPERM this user has no permissions to run the 'eval' command"],
  [['EVAL_RO', 'return 1', '0'], 1],
  [['CONFIG', 'SET', 'save', ''], "-NOPERM this user has no permissions to run the 'config' command"],
  [['NO-SUCH-COMMAND'], "-NOPERM this user has no permissions to run the 'no-such-command' command"],
  [['XINFO', 'HELP'], expect.any(Array)],
])('a reader is allowed what the server itself calls reading: %j', async (args, answer) => {
  const { port } = await world.open({ accessPolicies: { reads: 'reader' } });
  const client = world.client(port);
  await client.call('AUTH', 'reads', 'secret');
  expect(plain(await client.call(...args))).toEqual(answer);
});

test('ACL WHOAMI names the identity, not the user of the gate', async () => {
  const client = world.client();
  await client.call('HELLO', '3', 'AUTH', 'me', 'secret');
  client.write('ACL', 'WHOAMI');
  client.write('PING');
  expect([plain(await client.next()), plain(await client.next())]).toEqual(['me', '+PONG']);
});
