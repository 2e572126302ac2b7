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

test('the timeline keeps the order of commands and replies, however many came at once and however long they are', async () => {
  const one = await bed.loggedIn();
  bed.gate.timeline.clear();
  const keys = Array.from({ length: 20 }, (_none, index) => `key-${index}`);
  await Promise.all([
    one.call('MGET', ...keys),
    one.call('SET', 'long', 'x'.repeat(20_000)),
    one.call('ECHO', 'eyJhbGciOiJub25lIn0.eyJvaWQiOiJ4In0.signature'),
    one.call('SETEX', 'secret'),
  ]);
  const shown = bed.gate.timeline.entries.map(({ event, args, text }) => [event, args?.[0] ?? text]);
  expect(shown.filter(([event]) => event === 'command').map(([, name]) => name)).toEqual([
    ...['MGET', 'SET', 'ECHO', 'SETEX'],
  ]);
  expect(shown.filter(([event]) => event === 'reply').map(([, text]) => text)).toEqual([
    ...['*20', '+OK', '$45', "-ERR wrong number of arguments for 'setex' command"],
  ]);
  expect(bed.entries('command')[0]?.args).toEqual(['MGET', ...keys]);
  expect(bed.gate.timeline.toText()).not.toContain('eyJ');
});
