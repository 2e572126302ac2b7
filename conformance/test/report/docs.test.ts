// docs/reports/conformance.md is what the suite said of this catalogue, and docs/peers.md cites it.
import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { versionedName } from '../../src/runner/plan.ts';
import { suiteDrivers } from '../../src/driver/load-drivers.ts';
import { clientsTable, documentedCases } from '../../src/command/documents.ts';
import { withClients } from '../../src/report/clients.ts';
import { fromRecord, type KnownFailing, toMatrix } from '../../src/index.ts';

const read = (name: string): string => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');
const remedy = 'run "npm run conformance -- --docs docs/reports", look at the diff and commit it';
const recorded = fromRecord(read('reports/conformance.json'));

/** Those of others are measured where a machine can: their rows may be old, or missing. */
const ofTheSuite = new Set(suiteDrivers(false).map(({ driver }) => versionedName(driver)));

test('the page is the one of the recorded outcomes', () => {
  expect(toMatrix(recorded), remedy).toBe(read('reports/conformance.md'));
});

test('the table of clients is the one of the recorded outcomes', () => {
  const clients = read('clients.md');
  expect(withClients(clients, clientsTable(recorded)), remedy).toBe(clients);
});

test('every case of our adapters and their peers is recorded, and none that there is no more', () => {
  const planned = new Set(documentedCases().map(({ address }) => address));
  const own = documentedCases().flatMap(({ address, driver }) =>
    ofTheSuite.has(versionedName(driver)) ? [address] : [],
  );
  const cases = new Set(recorded.map((each) => each.case));
  expect(
    [...cases].filter((address) => !planned.has(address)),
    remedy,
  ).toEqual([]);
  expect(
    own.filter((address) => !cases.has(address)),
    remedy,
  ).toEqual([]);
});

test('nothing of ours fails, but what is declared', () => {
  expect(recorded.filter(({ outcome }) => ['fail', 'unexpected-pass', 'could-not-run'].includes(outcome))).toEqual([]);
});

const peers = ['entraid-5', 'entraid-6'].flatMap(
  (peer) =>
    JSON.parse(
      readFileSync(new URL(`../../peers/${peer}/known-failing.json`, import.meta.url), 'utf8'),
    ) as KnownFailing[],
);
const citations = [...read('peers.md').matchAll(/^\| ([NT]\d+) \|.*\| (.*) \|$/gm)].flatMap(
  ([, defect = '', ruledOutBy = '']) =>
    [...ruledOutBy.matchAll(/(?:^|[\s,])((?:connect|reauth|topology|life)\/[a-z0-9-]+)/g)].map(
      ([, id = '']) => [defect, id] as const,
    ),
);

test('docs/peers.md cites scenarios', () => {
  expect(citations.length).toBeGreaterThan(15);
});

test.each(citations)('%s: the peer fails %s, which docs/peers.md cites, for that reason', (defect, scenario) => {
  const lines = peers.filter(({ pattern }) => pattern.startsWith(`${scenario}/`));
  expect(lines.map(({ issue }) => issue)).toContain(defect);
  const outcomes = recorded.flatMap((each) =>
    each.scenario === scenario && each.driver === 'redis-entraid' ? [each.outcome] : [],
  );
  expect(outcomes).toContain('known-failing');
});

const foreign = new URL('../../foreign/', import.meta.url);
const numbers = globSync('*/known-failing.json', { cwd: foreign }).flatMap((file) =>
  (JSON.parse(readFileSync(new URL(file, foreign), 'utf8')) as KnownFailing[]).flatMap(({ issue }) =>
    [...issue.matchAll(/\b[A-Z]\d+\b/g)].map(([number]) => number),
  ),
);

test('docs/peers.md explains each number that the lists of clients in other languages name', () => {
  const explained = new Set([...read('peers.md').matchAll(/^\| ([A-Z]\d+) \|/gm)].map(([, number]) => number));
  expect([...new Set(numbers)].filter((number) => !explained.has(number))).toEqual([]);
  expect(numbers.length).toBeGreaterThan(15);
});
