import diagnostics from 'node:diagnostics_channel';
import { expect, onTestFinished, test } from 'vitest';
import { type PlannedReconnect, publishPlannedReconnect } from '../../src/index.ts';

test('a planned reconnect: whoever subscribes to its channel sees the connection and the reason', () => {
  const seen: unknown[] = [];
  const log = (message: unknown): void => void seen.push(message);
  diagnostics.subscribe('entra-redis:planned-reconnect', log);
  onTestFinished(() => void diagnostics.unsubscribe('entra-redis:planned-reconnect', log));
  const message: PlannedReconnect = { connection: { client: 'test', address: 'localhost:6380' }, reason: 'blocked' };
  publishPlannedReconnect(message);
  expect(seen).toEqual([message]);
});
