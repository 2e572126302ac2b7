import { parse } from 'yaml';

interface Step {
  readonly uses?: string;
  readonly run?: string;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly permissions?: Readonly<Record<string, string>> | string;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** What of a workflow another machine could run: a script of .ci/, or a step of the release. */
const isScript = (run: string): boolean => /^(\.ci\/[a-z-]+|npm run (setup|release -- [a-z]+))$/.test(run.trim());

/** Sentences about a workflow that decides something itself, trusts a tag, or may more than it needs. */
export function policyProblems(file: string, text: string, scripts: readonly string[]): string[] {
  const { permissions, jobs } = parse(text) as Workflow;
  const problems: string[] = [];
  if (typeof permissions !== 'object') problems.push('has no "permissions": start with "permissions: {}"');
  if (writes(permissions)) problems.push('lets every job write: move the permission into the one job that needs it');
  for (const [name, job] of Object.entries(jobs)) {
    if (job['timeout-minutes'] === undefined) problems.push(`job ${name} has no timeout-minutes: give it one`);
    for (const { run, uses } of job.steps ?? []) {
      if (run !== undefined && !isScript(run)) {
        problems.push(`job ${name} runs "${run.trim()}": put it into a script of .ci/, for everybody to run`);
      }
      const script = run?.match(/^\.ci\/([a-z-]+)/)?.[1];
      if (script !== undefined && !scripts.includes(script))
        problems.push(`job ${name} runs .ci/${script}: there is none`);
      if (uses !== undefined && !isPinned(uses, text)) {
        problems.push(`job ${name} uses ${uses}: pin it to the hash of a commit, its version in a comment`);
      }
    }
  }
  return problems.map((problem) => `${file} ${problem}.`);
}

const writes = (permissions: Workflow['permissions']): boolean =>
  typeof permissions === 'object' ? Object.values(permissions).includes('write') : permissions === 'write-all';

function isPinned(uses: string, text: string): boolean {
  if (uses.startsWith('./')) return true;
  const line = text.split('\n').find((candidate) => candidate.includes(uses)) ?? '';
  return /@[0-9a-f]{40}$/.test(uses) && /# v\d+\.\d+\.\d+$/.test(line);
}
