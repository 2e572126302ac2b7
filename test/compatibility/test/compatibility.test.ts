import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { libraries } from '../src/libraries/index.ts';
import { toPage } from '../src/page.ts';
import { type Report, runLibrary } from '../src/run.ts';
import { versionOf } from '../src/versions.ts';

const committedPage = readFileSync(new URL('../../../docs/reports/compatibility.md', import.meta.url), 'utf8');
const seen = { connections: 2, rotations: 3, reauths: 6, ended: 0, expired: 0, repeated: 0 };
const report: Report = { steps: 10, failures: [], logins: '', ...seen };

test.concurrent.for(['redlock', 'connect-redis'])(
  '%s stays logged in over a renewal, and its program ends by itself',
  async (name, { expect: expectHere }) => {
    const { failures, rotations, logins } = await runLibrary(name, { lifetimeMs: 6000, seconds: 8 });
    expectHere(failures, logins).toEqual([]);
    expectHere(rotations).toBeGreaterThanOrEqual(1);
  },
);

test('a library that is not there is named, with those that are', async () => {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
  const ran = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
    execFile(process.execPath, [main, 'bullmqq'], (error, _, stderr) => resolve({ code: error?.code, stderr }));
  });
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain('bullmqq is none of: bullmq, bull,');
});

test('the page shows what failed in place of a pass', () => {
  const failing = { ...report, failures: ['2 connections were closed\nby the server'] };
  const reports = new Map(Object.entries({ bullmq: report, bull: failing }));
  const page = toPage(reports, { lifetimeMs: 20_000, seconds: 45 });
  expect(page).toContain(`| bullmq ${versionOf('bullmq')} | ioredis | 10 | 2 | 3 | passes |`);
  expect(page).toContain('| **fails**: 2 connections were closed |');
});

test('the committed page is of the versions that are installed', () => {
  for (const { packages } of Object.values(libraries)) {
    const tried = packages.map((name) => `${name} ${versionOf(name)}`).join(', ');
    expect(committedPage, 'run npm run compatibility -- --docs docs/reports').toContain(`| ${tried} |`);
  }
});
