import { expect, test } from 'vitest';
import { blame } from '../src/judge/upstream.ts';

const waited = { invariant: 'settles', detail: 'after close: reader-2: XREAD BLOCK 50' } as const;
const sockets = { invariant: 'footprint', detail: '3 TCPSocketWrap, 0 before' } as const;
const grown = { invariant: 'footprint', detail: 'the heap has grown by 20000000 bytes' } as const;
const twice = { invariant: 'one-auth', detail: 'two' } as const;

test('a destroyed cluster of node-redis that goes on is the client itself, and nothing else is', () => {
  expect(blame('node-redis@6.3.1', 'cluster', [waited, sockets, grown, twice])).toEqual({
    violations: [grown, twice],
    upstream: [waited, sockets],
  });
});

test.each([
  ['sockets alone', 'node-redis@6.3.1', 'cluster', [sockets]],
  ['behind sentinels', 'node-redis@6.3.1', 'sentinel', [waited, sockets]],
  ['of ioredis', 'ioredis@6.0.0', 'cluster', [waited, sockets]],
] as const)('is to be answered for: %s', (_name, client, topology, violations) => {
  expect(blame(client, topology, violations)).toEqual({ violations, upstream: [] });
});
