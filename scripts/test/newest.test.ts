import { expect, test } from 'vitest';
import { withNewest } from '../ci/newest.ts';

const releases = { ioredis: ['5.3.2', '5.11.1', '5.12.0', '6.0.0', '7.0.0'], redis: ['6.3.1'] };

test('the catalog takes the newest release, the next major too', () => {
  const { text, changes } = withNewest('catalog:\n  ioredis: 6.0.0\n  redis: 6.3.1\n  jose: 6.2.18\n', releases);
  expect(text).toBe('catalog:\n  ioredis: 7.0.0\n  redis: 6.3.1\n  jose: 6.2.18\n');
  expect(changes).toEqual(['ioredis 6.0.0 -> 7.0.0']);
});

test('an alias takes the newest of its major, the oldest stays, and so do ranges', () => {
  const manifest = `    "ioredis": "catalog:",
    "ioredis-5": "npm:ioredis@5.11.1",
    "ioredis-5-oldest": "npm:ioredis@5.3.2",
    "ioredis": "^5.3.2 || ^6.0.0"
`;
  const { text, changes } = withNewest(manifest, releases);
  expect(text).toBe(manifest.replace('5.11.1', '5.12.0'));
  expect(changes).toEqual(['ioredis 5.11.1 -> 5.12.0']);
});
