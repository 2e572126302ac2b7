// Release notes for users: what a changeset says, without the hash of its commit, and one line for what came along.

/** @type {import('@changesets/types').ChangelogFunctions} */
export default {
  getReleaseLine: async ({ summary }) => {
    const [first, ...rest] = summary.trim().split('\n');
    return [`- ${first}`, ...rest.map((line) => (line === '' ? '' : `  ${line}`))].join('\n');
  },
  getDependencyReleaseLine: async (_changesets, dependencies) =>
    dependencies.length === 0
      ? ''
      : `- Works with ${dependencies.map(({ name, newVersion }) => `${name} ${newVersion}`).join(', ')}`,
};
