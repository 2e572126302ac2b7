// The release, step by step, as .github/workflows/release.yml calls it: npm run release -- mode | version | pack | publish
import { appendFileSync } from 'node:fs';
import { CommandFailed, Problem } from '../run.ts';
import { publishedPackages, root, workspaceIn } from '../workspace.ts';
import { provenanceProblems } from './provenance.ts';
import { mode, pack, publish, version } from './steps.ts';

const workspace = workspaceIn(root, process.env);

const steps: Readonly<Record<string, () => Promise<string>>> = {
  mode: async () => {
    const selected = await mode(workspace);
    const output = process.env['GITHUB_OUTPUT'];
    if (output !== undefined) appendFileSync(output, `mode=${selected}\n`);
    return `There is to do: ${selected}`;
  },
  version: async () => `Versions to commit:\n${(await version(workspace)).join('\n')}`,
  pack: async () => `Packed:\n${(await pack(workspace)).map(({ file }) => file).join('\n')}`,
  publish: async () => {
    const problems = provenanceProblems(
      publishedPackages().map(({ manifest }) => manifest),
      process.env,
    );
    if (problems.length > 0) throw new Problem(problems.join('\n'));
    return `Published:\n${(await publish(workspace, { provenance: true })).join('\n')}`;
  },
};

const names = process.argv.slice(2);
try {
  const unknown = names.find((name) => steps[name] === undefined);
  if (unknown !== undefined) throw new Problem(`No step "${unknown}": there are ${Object.keys(steps).join(', ')}.`);
  for (const name of names.length > 0 ? names : ['version', 'pack', 'publish']) console.log(await steps[name]!());
} catch (error) {
  if (!(error instanceof Problem || error instanceof CommandFailed)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
