import { expect, onTestFinished, test, vi } from 'vitest';
import { plain } from '../cache/helpers.ts';
import { bench, replies, WRONGPASS } from './setup.ts';

const tests = bench();

test('an open gate forwards the commands of those who have not logged in', async () => {
  const gate = await tests.open({ open: true });
  const client = tests.client(gate.port);
  client.write('HELLO', '3', 'SETNAME', 'guest');
  client.write('PING');
  const [hello, pong] = await replies(client, 2);
  expect(hello).toBeInstanceOf(Map);
  expect(pong).toBe('+PONG');
  expect(gate.connections).toMatchObject([{ name: 'guest', username: undefined, expiresAt: undefined }]);
});

test('an open gate verifies those who do log in, and cuts them when their token expires', async () => {
  const gate = await tests.open({ open: true });
  const client = tests.client(gate.port);
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  expect(plain(await client.call('AUTH', 'oid', 'wrong'))).toBe(WRONGPASS);
  expect(plain(await client.call('PING'))).toBe('+PONG');
  expect(plain(await client.call('AUTH', 'oid', `secret:${Date.now() + 300}`))).toBe('+OK');
  vi.advanceTimersByTime(300);
  await client.closed;
  expect(gate.timeline.entries.map(({ event }) => event)).toContain('expired');
});
