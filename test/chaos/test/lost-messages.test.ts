import { describe, expect, test } from 'vitest';
import { whyLost } from '../src/judge/lost-messages.ts';
import type { WireConnection } from '../src/judge/wire-watch.ts';
import { connection } from './support.ts';

const missing = { type: 'missing', subscriber: 'subscriber', message: 'm', from: 20_000, to: 20_010 } as const;
const why = (connections: readonly WireConnection[], disturbances: Parameters<typeof whyLost>[2] = []) =>
  whyLost(missing, connections, disturbances);

describe('a message that did not arrive', () => {
  test('should have where the subscriber was connected all the time', () => {
    expect(why([connection()])).toMatch(/#7 was up and subscribed/);
  });

  test('need not where nobody was subscribed yet', () => {
    expect(why([])).toBeUndefined();
    expect(why([connection({ subscribedAt: 19_900 })])).toBeUndefined();
    expect(why([connection({ name: 'another' })])).toBeUndefined();
  });

  test('should have where ioredis subscribed in a cluster, by a connection whose name it adds to', () => {
    const own = connection({ name: 'ioredis-cluster(subscriber):subscriber' });
    expect(why([own])).toMatch(/#7 was up and subscribed/);
    expect(why([connection({ name: 'ioredis-cluster(subscriber):another-subscriber' })])).toBeUndefined();
    expect(why([connection({ name: 'ioredis-cluster(subscriber):subscriber-2' })])).toBeUndefined();
  });

  test('should have where faults met other connections of the client, which never subscribed, alone', () => {
    const toAnotherNode = connection({ id: 8, subscribedAt: undefined, faultsAt: [19_500] });
    expect(why([connection(), toAnotherNode])).toMatch(/#7 was up and subscribed/);
    const closed = connection({ closedAt: 20_005, ending: 'by the client' });
    expect(why([closed, toAnotherNode])).toBeUndefined();
  });

  test('need not where its connection was cut, or a fault met it', () => {
    expect(why([connection({ closedAt: 20_050, ending: 'cut' })])).toBeUndefined();
    expect(why([connection({ faultsAt: [19_500] })])).toBeUndefined();
    expect(why([connection()], [{ from: 19_000, to: 19_900 }])).toBeUndefined();
  });

  test('need not where sentinels have replaced the master that the subscriber is connected to', () => {
    const publisher = (node: string): WireConnection => connection({ id: 8, name: 'mixer', node });
    const behindSentinels = (node: string): string | undefined =>
      whyLost(missing, [connection(), publisher(node)], [], 'sentinel');
    expect(behindSentinels('node-2')).toBeUndefined();
    expect(behindSentinels('node-1')).toMatch(/#7 was up and subscribed/);
  });

  test('should have where the client closed its connection by itself in a quiet time: a planned hand-over', () => {
    const closed = connection({ closedAt: 20_005, ending: 'by the client' });
    expect(why([closed])).toMatch(/#7 was closed by the client/);
    expect(why([closed, connection({ subscribedAt: undefined, faultsAt: [17_000] })])).toBeUndefined();
  });
});
