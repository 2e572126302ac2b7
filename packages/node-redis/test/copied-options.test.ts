import { describe, expect, test } from 'vitest';
import { checkOptions, handOverOnRefresh } from '../src/index.ts';
import { versions } from './support/clients.ts';
import { title, World } from './support/world.ts';

/** Of each object its own enumerable properties, and of its class nothing, as rfdc and klona/lite copy. */
const copyOf = <Value>(value: Value): Value => {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copyOf(inner as unknown)])) as Value;
};

describe.each(versions.map((version) => [title(version), version] as const))('redis %s', (_name, version) => {
  test('connect/options-copied: a deep copy of the options logs in, and its subscriber is handed over', async () => {
    const world = await World.start();
    const client = world.adopt(version.library.createClient(checkOptions(copyOf(world.options(version)))));
    await client.connect();
    expect(await client.ping()).toBe('PONG');
    expect(() => handOverOnRefresh(client)).not.toThrow();
    await world.renew();
    expect(world.errors).toEqual([]);
  });
});
