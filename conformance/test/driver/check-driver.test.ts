import { expect, test } from 'vitest';
import { checkDriver } from '../../src/driver/check-driver.ts';
import { capabilities } from '../../src/driver/driver.ts';

const good = {
  name: 'mine',
  clientVersion: '1.0.0',
  resp: [2],
  closeWays: ['close'],
  capabilities: Object.fromEntries(capabilities.map((each) => [each, true])),
};
const lacking = { supported: false, because: 'it has none' };

test('a driver that says everything is taken', () => {
  expect(() => checkDriver('./my-driver.js', good)).not.toThrow();
  const { capabilities: all } = good;
  expect(() => checkDriver('./my-driver.js', { ...good, capabilities: { ...all, monitor: lacking } })).not.toThrow();
});

test.each([
  ['no driver', undefined, 'it gave no driver'],
  ['null', null, 'it gave no driver'],
  ['no name', { ...good, name: '' }, 'name and clientVersion'],
  ['no version', { ...good, clientVersion: 1 }, 'name and clientVersion'],
  ['no resp', { ...good, resp: undefined }, 'resp must list'],
  ['another resp', { ...good, resp: [2, 4] }, 'resp must list'],
  ['an empty resp', { ...good, resp: [] }, 'resp must list'],
  ['no way to close', { ...good, closeWays: undefined }, 'closeWays must name'],
  ['no capabilities', { ...good, capabilities: undefined }, 'capabilities must say'],
  ['a capability left out', { ...good, capabilities: {} }, 'capabilities.duplicate must be true, or'],
  ['false', { ...good, capabilities: { ...good.capabilities, pool: false } }, 'capabilities.pool must be true, or'],
  [
    'no reason',
    { ...good, capabilities: { ...good.capabilities, pool: { supported: false } } },
    'capabilities.pool must be true, or',
  ],
  ['a misspelled one', { ...good, capabilities: { ...good.capabilities, pol: true } }, 'capabilities.pol is none'],
])('a driver with %s is refused, by its file and what it lacks', (_what, driver, words) => {
  expect(() => checkDriver('./my-driver.js', driver)).toThrow(`./my-driver.js: ${words}`);
});
