import assert from 'node:assert/strict';
import type { Scenario } from '../../types.ts';

export const firstTokenFails: Scenario = {
  id: 'connect/first-token-fails',
  title: 'the first token request fails: a typed error for the user, then recovery, and queued commands settle',
  why: 'ioredis #2170 and PR 2171; @redis/entraid N1 (subscribers pending for ever) and N9 (no retry)',
  topologies: ['standalone'],
  async run(context) {
    context.target.entra.fail({ kind: 'status', status: 503 }, 2);
    const session = context.open();
    assert.equal(await session.command('SET', 'key', 'value'), 'OK');
    assert.ok(
      session.errors.some((error) => error.includes('ERR_TOKEN_REQUEST_FAILED')),
      'the user saw no typed error',
    );
    const failed = context.events.find((event) => event.type === 'failed');
    assert.ok(failed?.type === 'failed' && !failed.permanent);
  },
};
