import { expect, test } from 'vitest';
import { provenanceProblems } from '../release/provenance.ts';
import { isPending } from '../release/steps.ts';

const manifest = (url: string) => [{ name: 'a', version: '1.0.0', repository: { url } }];
const workflow = { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token', GITHUB_REPOSITORY: 'owner/entra-redis' };

test('a changeset that names a package is to become a version, an empty one is not', () => {
  expect(isPending("---\n'@entra-redis/ioredis': minor\n---\n\nText\n")).toBe(true);
  expect(isPending("---\n'a': patch\n'b': major\n---\n\nText\n")).toBe(true);
  expect(isPending('---\n---\n\nOnly comments: minor\n')).toBe(false);
});

test('nothing is published that cannot prove where it was built', () => {
  expect(provenanceProblems(manifest('git+https://github.com/owner/entra-redis.git'), workflow)).toEqual([]);
  expect(provenanceProblems(manifest('git+https://github.com/owner/entra-redis.git'), {})).toEqual([
    expect.stringContaining('let .github/workflows/release.yml publish'),
  ]);
});

test('a package that names another repository than the one that builds it is not published', () => {
  const problems = [expect.stringContaining('write "git+https://github.com/owner/entra-redis.git"')];
  expect(provenanceProblems(manifest('git+https://example.invalid/entra-redis.git'), workflow)).toEqual(problems);
  expect(provenanceProblems(manifest('git+https://github.com/other/entra-redis.git'), workflow)).toEqual(problems);
  expect(provenanceProblems([{ name: 'a', version: '1.0.0' }], workflow)).toEqual(problems);
});
