import { expect, test } from 'vitest';
import { bench } from './setup.ts';

const bed = bench();

test('the timeline says of what kind a reply is, and nothing of its content', async () => {
  const one = await bed.loggedIn();
  bed.gate.timeline.clear();
  await one.call('RPUSH', 'list', 'first content', 'second content');
  await one.call('LRANGE', 'list', '0', '-1');
  await one.call('LPOP', 'list');
  expect(bed.entries('reply').map(({ text }) => text)).toEqual([':2', '*2', '$13']);
});

test('the timeline names pushes by their first word', async () => {
  const [one, other] = [await bed.loggedIn(), await bed.loggedIn()];
  await one.call('HELLO', '3');
  await one.call('SUBSCRIBE', 'channel');
  await other.call('PUBLISH', 'channel', 'content');
  await one.next();
  expect(bed.entries('push').map(({ text }) => text)).toEqual(['message']);
});
