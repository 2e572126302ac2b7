import type { Manifest } from '../workspace.ts';

/** Why a release must not go out: the registry checks the provenance of each package against its `repository`. */
export function provenanceProblems(manifests: readonly Manifest[], env: NodeJS.ProcessEnv): string[] {
  const problems: string[] = [];
  if (env['ACTIONS_ID_TOKEN_REQUEST_URL'] === undefined) {
    problems.push(
      'Here is no identity to prove where the packages were built: let .github/workflows/release.yml publish (its job has "id-token: write").',
    );
  }
  const expected = env['GITHUB_REPOSITORY'];
  for (const { name, repository } of manifests) {
    const url = repository?.url ?? '';
    const fits = expected === undefined ? !url.includes('example.invalid') : url.includes(`github.com/${expected}`);
    if (!fits) {
      const wanted = `git+https://github.com/${expected ?? '<owner>/<name>'}.git`;
      problems.push(`${name} says that its repository is "${url}": write "${wanted}" in its package.json.`);
    }
  }
  return problems;
}
