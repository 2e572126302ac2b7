import { expect, test } from 'vitest';
import * as errors from '../src/errors.ts';

/** A user reads these in a log: each says what is wrong, and what to do. */
test.each([
  [
    errors.noToken(10_000),
    'ERR_TOKEN_REQUEST_TIMEOUT',
    ['10000 ms', 'no connection was opened', 'identity provider', 'retryStrategy'],
  ],
  [errors.optionProblem('tls', 'must be an object'), 'ERR_INVALID_OPTION', ['tls: must be an object']],
  [
    errors.unknownCopy(),
    'ERR_INVALID_OPTION',
    ['could not be found', 'attach(manager, client)', 'bundle ioredis once'],
  ],
  [
    errors.plainTextSentinel('sentinel.example'),
    'ERR_PLAIN_TEXT',
    ['sentinel.example would be asked in plain text', 'sentinelTLS', 'allowPlainText: true'],
  ],
  [errors.optionsCopied(), 'ERR_INVALID_OPTION', ['copied', 'JSON', 'withEntra() last']],
  [
    errors.plainText('cache.example'),
    'ERR_PLAIN_TEXT',
    ['cache.example in plain text', 'enableTLSForSentinelMode', 'allowPlainText: true'],
  ],
  [
    errors.startupNodeOnly(),
    'ERR_NODE_CREDENTIALS',
    ['startup node', 'default user', 'new Cluster(nodes, withEntra(manager'],
  ],
  [errors.otherCredentials(true), 'ERR_NODE_CREDENTIALS', ['startup node', 'host and port only']],
  [errors.otherCredentials(false), 'ERR_USERINFO_IN_URL', ['in the URL', 'Remove it']],
])('%s', (error, code, words) => {
  expect(error).toMatchObject({ name: 'EntraRedisError', code });
  for (const each of words) expect(error.message).toContain(each);
});
