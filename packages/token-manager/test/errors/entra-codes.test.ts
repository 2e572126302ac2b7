import { expect, test } from 'vitest';
import { entraCodes, type EntraProblem } from '../../src/errors/entra-codes.ts';

/** What the doctor advises for a code, and whether the manager waits long: a wrong line sends its reader to the wrong place. */
const expected: Record<EntraProblem, string[]> = {
  'secret-expired': ['700222', '7000222'],
  'secret-wrong': ['7000215'],
  'application-unknown': ['70001', '700016'],
  'tenant-unknown': ['90002', '900021', '900023'],
  'scope-unknown': ['50001', '70011', '500011'],
  'not-allowed': [
    ...['50076', '50079', '50105', '50158', '53000', '53001', '53002', '53003', '53004', '65001'],
    ...['500014', '7000112', '7000114'],
  ],
  federation: ['70021', '700211', '700212', '700213', '700223', '7002131'],
  refused: ['50034', '70002', '90023', '700021', '700027'],
  'assertion-time': ['50012', '700024'],
  // The endpoints of managed identities tell these in words.
  'identity-unassigned': [],
  'identity-ambiguous': [],
};

test.each(Object.entries(expected))('the codes that mean %s are %j', (problem, codes) => {
  const found = Object.keys(entraCodes).filter((code) => entraCodes[code] === problem);
  expect(found).toEqual(codes);
});
