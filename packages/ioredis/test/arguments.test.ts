import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { withEntra } from '../src/index.ts';
import { Identity } from './support.ts';

test.each([
  [
    'a credential in place of the manager',
    () => withEntra({ getToken: () => undefined } as never, {}),
    'createTokenManager(credential)',
  ],
  [
    'a URL in place of the options',
    () => withEntra(new Identity().manager, 'redis://localhost' as never),
    'is a string',
  ],
  [
    'null in place of the options',
    () => withEntra(new Identity().manager, null as never),
    'options: must be an object',
  ],
  [
    'a client in place of the options',
    () => withEntra(new Identity().manager, new Redis({ lazyConnect: true }) as never),
    'attach(manager, client)',
  ],
  ['no options', () => withEntra(new Identity().manager, undefined as never), 'but is undefined'],
  [
    'a misspelled option',
    () => withEntra(new Identity().manager, {}, { allowPlaintext: true } as never),
    'allowPlaintext',
  ],
  [
    'an option of a wrong type',
    () => withEntra(new Identity().manager, {}, { allowPlainText: 'yes' } as never),
    "allowPlainText must be a boolean, got 'yes'",
  ],
])('%s is named at once', (_, call, words) => {
  expect(call).toThrow(
    expect.objectContaining({ code: 'ERR_INVALID_OPTION', message: expect.stringContaining(words) }),
  );
});
