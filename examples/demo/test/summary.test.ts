import { expect, test } from 'vitest';
import { explain } from '../src/explain.ts';
import { faults, summaryLines } from '../src/summary.ts';
import type { Tally } from '../src/workload.ts';
import { rotationLine } from '../src/view.ts';

const clean: Tally = {
  commands: 900,
  failed: 0,
  published: 300,
  received: 300,
  lost: 0,
  cuts: { commands: 0, subscriber: 0 },
};
const result = (tally: Partial<Tally>, rotations = 3) => ({
  lane: { name: 'ioredis' },
  tally: { ...clean, ...tally },
  rotations,
});

test('a run in which nothing failed has no faults', () => {
  expect(faults(result({}))).toEqual([]);
});

test.each([
  ['no rotation happened', result({}, 0)],
  ['no command ran', result({ commands: 0 })],
  ['2 commands failed, the first with: NOAUTH', result({ failed: 2, firstError: 'NOAUTH' })],
  ['5 messages lost', result({ lost: 5 })],
  ['the command connection was closed once', result({ cuts: { commands: 1, subscriber: 0 } })],
  ['the subscriber was closed 9 times', result({ cuts: { commands: 0, subscriber: 9 } })],
])('a run ends with a fault: %s', (words, bad) => {
  expect(faults(bad)).toEqual([`ioredis: ${words}`]);
});

test('the summary has a row for each promise and a column for each client', () => {
  const lines = summaryLines([result({}), result({ failed: 1 })]);
  expect(lines).toHaveLength(8);
  expect(lines[3]).toMatch(/^commands failed\s+0\s+1$/);
});

test('a rotation names the client, its CLIENT ID and the new expiry', () => {
  const line = rotationLine({ at: 0, lane: 'ioredis', role: 'commands', clientId: 7, expiresAt: 6000 });
  expect(line).toMatch(/^00:00:00\.000 {2}ioredis commands {6,}CLIENT ID 7 +new token until 00:00:06\.000$/);
});

test('a port in use is explained in one sentence', () => {
  const error = Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE', port: 6380 });
  expect(explain(error)).toBe('port 6380 is in use: choose another with --port, or leave it out for a free one.');
});

test('an error is explained by its own words and those of its cause, in one line', () => {
  const error = new Error('No token.\n    at somewhere', {
    cause: new Error('AADSTS7000215: bad secret\nTrace ID: 1'),
  });
  expect(explain(error)).toBe('No token. (AADSTS7000215: bad secret)');
});
