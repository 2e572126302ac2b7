import { expect, test } from 'vitest';
import { type Catalogue, planCases } from '../../src/runner/plan.ts';
import { seedFor, seededRandom, shuffled } from '../../src/runner/random.ts';
import { driverOf, fakeTarget, scenarioOf, targetOf } from '../support.ts';

const none = async (): Promise<void> => undefined;
const catalogue: Catalogue = {
  scenarios: [scenarioOf('connect/a', none), scenarioOf('reauth/b', none, { resp: [2, 3] })],
  drivers: [driverOf('ioredis', '6.0.0'), driverOf('ioredis', '5.11.1')],
  targets: [fakeTarget, targetOf('cluster', () => Promise.reject(new Error()), { topology: 'cluster' })],
};
const addresses = (selection: Parameters<typeof planCases>[1]): string[] =>
  planCases(catalogue, selection).map(({ address }) => address);

test('the plan is every scenario for every driver on every target of its topology and RESP versions', () => {
  expect(addresses({})).toHaveLength(6);
  expect(addresses({})[0]).toBe('connect/a/driver:ioredis@6.0.0/target:fake/resp:3');
});

test('scenarios of one server run in clusters too, but not for peers', () => {
  const everywhere = scenarioOf('connect/a', none, { topologies: ['standalone', 'cluster'] });
  const peer = { ...driverOf('recipe', '1.0.0'), peer: true as const };
  const both = { ...catalogue, scenarios: [everywhere], drivers: [driverOf('ioredis', '6.0.0'), peer] };
  const clustered = planCases(both).flatMap(({ driver, target }) => (target.topology === 'cluster' ? driver.name : []));
  expect(clustered).toEqual(['ioredis']);
});

test('a driver may lack in a cluster what it has elsewhere', () => {
  const scenario = scenarioOf('connect/a', none, { topologies: ['cluster'], requires: ['monitor'] });
  const monitor = { supported: false, because: 'a cluster is no connection' } as const;
  const driver = { ...driverOf('ioredis', '6.0.0'), capabilitiesIn: { cluster: { monitor } } };
  const [only] = planCases({ ...catalogue, scenarios: [scenario], drivers: [driver] });
  expect(only?.missing).toEqual([{ capability: 'monitor', because: 'a cluster is no connection' }]);
});

test('globs select, and a major names all its versions', () => {
  expect(addresses({ driver: 'ioredis@6', scenario: 'reauth/*' })).toEqual([
    'reauth/b/driver:ioredis@6.0.0/target:fake/resp:2',
    'reauth/b/driver:ioredis@6.0.0/target:fake/resp:3',
  ]);
  expect(addresses({ scenario: 'connect/a,reauth/b', driver: '*@5.11.1' })).toHaveLength(3);
});

test('a glob that names nothing says what there is', () => {
  expect(() => addresses({ driver: 'redis-py*' })).toThrow(
    '--driver redis-py* names none of: ioredis@6.0.0, ioredis@5.11.1.',
  );
});

test('a selection that leaves no case is an error, not a good run of nothing', () => {
  expect(() => addresses({ target: 'cluster' })).toThrow('No case');
});

test('one seed gives one sequence for each case', () => {
  const draw = (address: string): number[] => Array.from({ length: 3 }, seededRandom(seedFor(7, address)));
  expect(draw('a')).toEqual(draw('a'));
  expect(draw('a')).not.toEqual(draw('b'));
  for (const value of draw('a')) expect(value >= 0 && value < 1).toBe(true);
});

test('cases start in an order that the seed draws, so that the costly ones are spread over the run', () => {
  const order = (seed: number): number[] => shuffled([1, 2, 3, 4, 5, 6, 7, 8], seededRandom(seed));
  expect(order(7)).toEqual(order(7));
  expect(order(7)).not.toEqual(order(8));
  expect(order(7).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});
