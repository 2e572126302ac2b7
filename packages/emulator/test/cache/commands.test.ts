import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { dataCommands } from '../../src/cache/commands/table.ts';
import { startCache } from '../../src/cache/start-cache.ts';
import { passwords, plain, RawClient } from './helpers.ts';

it('the README lists the commands of the fake cache, and no others', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const [, section = ''] = /## Commands of the fake cache\n([^]*?)\n\n/.exec(readme) ?? [];
  // Words in parentheses are options.
  const listed = [...section.replaceAll(/\([^)]*\)/g, '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
  const known = [...dataCommands.values()].flatMap(({ name, subcommands }) =>
    subcommands === undefined || subcommands.size === 0 ? [name] : [...subcommands.values()].map((each) => each.name),
  );
  expect(listed.toSorted()).toEqual(known.map((name) => name.replace('|', ' ').toUpperCase()).toSorted());
});

it('SCAN returns every key that stays, page by page, while others are deleted and added', async () => {
  await using cache = await startCache({ verifier: passwords });
  const client = new RawClient(cache.port);
  await client.call('AUTH', 'user', 'secret');
  const keys = Array.from({ length: 100 }, (_, index) => `session:${index}`);
  for (const key of keys) await client.call('SET', key, 'x');
  const found: string[] = [];
  let pages = 0;
  let cursor = '0';
  do {
    const [next, page] = plain(await client.call('SCAN', cursor, 'COUNT', '7', 'MATCH', 'session:*')) as [
      string,
      string[],
    ];
    found.push(...page);
    if (page.length > 0) await client.call('DEL', ...page);
    await client.call('SET', `other:${pages++}`, 'x');
    cursor = next;
  } while (cursor !== '0');
  client.close();
  expect(found.toSorted()).toEqual(keys.toSorted());
  expect(pages).toBeGreaterThanOrEqual(15);
});
