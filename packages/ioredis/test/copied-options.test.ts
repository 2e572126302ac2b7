import { describe, expect, test } from 'vitest';
import { withEntra } from '../src/index.ts';
import { addressOf, cacheFor, closedAtEnd, commandsOf, Identity, loginsOf, versions } from './support/world.ts';

type Copy = (value: unknown) => unknown;

/** Of every object its own enumerable properties, and of its class nothing, as rfdc and klona/lite do. */
const bare: Copy = (value) =>
  typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, bare(inner)]))
    : value;

/** Its symbols as well, as deepmerge does. */
const withSymbols: Copy = (value) =>
  typeof value === 'object' && value !== null
    ? Object.fromEntries(Reflect.ownKeys(value).map((key) => [key, withSymbols(Reflect.get(value, key))]))
    : value;

/** With its class, as lodash's cloneDeep does. */
const withClass: Copy = (value) =>
  typeof value === 'object' && value !== null
    ? Object.assign(
        Object.create(Object.getPrototypeOf(value) as object),
        Object.fromEntries(Reflect.ownKeys(value).map((key) => [key, withClass(Reflect.get(value, key))])),
      )
    : value;

/** Plain objects alone, as lodash's merge does. */
const plainOnly: Copy = (value) =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
    ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainOnly(inner)]))
    : value;

const surviving: [string, Copy][] = [
  ['spread', (options) => ({ ...(options as object) })],
  ['Object.assign', (options) => Object.assign({}, options)],
  ['rfdc', bare],
  ['deepmerge', withSymbols],
  ['cloneDeep of lodash', withClass],
  ['merge of lodash', plainOnly],
];

describe.each(versions)('$version', ({ module: { Cluster, Redis } }) => {
  test.each(surviving)('connect/copied-options: %s', async (_, copy) => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const redis = closedAtEnd(new Redis(copy(withEntra(identity.manager, addressOf(cache))) as object));
    const duplicate = closedAtEnd(redis.duplicate());
    expect(await Promise.all([redis.set('a', '1'), duplicate.ping()])).toEqual(['OK', 'PONG']);
    await identity.renewFor(2);
    expect(loginsOf(cache)).toHaveLength(4);
  });

  test.each(surviving)('connect/copied-options: %s of the options of a cluster', async (_, copy) => {
    const identity = new Identity();
    const cache = await cacheFor(identity, { cluster: { masters: 1 } });
    const cluster = closedAtEnd(new Cluster([addressOf(cache)], copy(withEntra(identity.manager, {})) as object));
    await cluster.subscribe('news');
    expect(await cluster.set('a', '1')).toBe('OK');
    await identity.renewFor(2);
  });

  test('connect/copied-options: JSON is named, and nothing is sent', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const cloned = JSON.parse(JSON.stringify(withEntra(identity.manager, addressOf(cache)))) as object;
    const copied = expect.objectContaining({ code: 'ERR_INVALID_OPTION', message: expect.stringContaining('copied') });
    expect(JSON.stringify(cloned)).not.toContain('<entra');
    expect(() => new Redis(cloned)).toThrow(copied);
    expect(() => new Cluster([addressOf(cache)], cloned)).toThrow(copied);
    expect(commandsOf(cache)).toEqual([]);
  });

  test('connect/copied-options: structuredClone refuses them by itself', () => {
    expect(() => structuredClone(withEntra(new Identity().manager, {}))).toThrow('could not be cloned');
  });
});
