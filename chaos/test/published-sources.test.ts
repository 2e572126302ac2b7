import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** What a library that holds tokens has no use for: where they could be kept, or sent. */
const doors = [
  ...[/from 'node:(fs|http|https|http2|dgram|child_process|cluster|worker_threads|sqlite|v8|vm|repl|inspector)/],
  ...[/\bprocess\.env\b/, /\bfetch\(/, /\bimport\(/],
];
/** Sockets are the clients'; the adapters name their type, and make one that is closed already. */
const sources = globSync('packages/{token-manager,ioredis,node-redis}/src/**/*.ts', { cwd: root });

test('no source writes a file, opens a socket, starts a process or reads the environment', () => {
  expect(sources.length).toBeGreaterThan(40);
  const found = sources.flatMap((file) => {
    const text = readFileSync(`${root}/${file}`, 'utf8');
    const opens = /\b(connect|createConnection|createServer)\b[^;]*from 'node:(net|tls)'/.test(text);
    return [...doors.filter((door) => door.test(text)).map(String), ...(opens ? ['a socket'] : [])].map(
      (what) => `${file}: ${what}`,
    );
  });
  expect(found).toEqual([]);
});
