import { expect, test } from 'vitest';
import { isCutByVagueness } from '../src/judge/vague-expiry.ts';

const ofCluster = { client: 'node-redis@6.3.1', topology: 'cluster' } as const;

test.each(['overstated-expiry', 'clock-behind', 'clock-set-back'] as const)(
  'a RESP2 subscriber of node-redis in a cluster may be cut where nobody knows the expiry to a second: %s',
  (kind) => {
    expect(isCutByVagueness(ofCluster, 'subscriber-2', kind)).toBe(true);
  },
);

test.each([
  ['where the expiry is known', ofCluster, 'subscriber-2', 'identity-switch'],
  ['where nothing misleads', ofCluster, 'subscriber-2', undefined],
  ['that is no subscriber', ofCluster, 'mixer-2', 'clock-behind'],
  ['of RESP3, which takes AUTH', ofCluster, 'subscriber-3', 'clock-behind'],
  ['of one server, which is handed over', { ...ofCluster, topology: 'standalone' }, 'subscriber-2', 'clock-behind'],
  ['of ioredis', { ...ofCluster, client: 'ioredis@6.0.0' }, 'subscriber-2', 'clock-behind'],
] as const)('no other connection may: one %s', (_what, round, name, kind) => {
  expect(isCutByVagueness(round, name, kind)).toBe(false);
});
