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

/** What of a workflow another machine could run: one program of .ci/ or one script of package.json, with its arguments. */
const command = /^(?:\.ci\/(?<program>[a-z-]+)|npm (?:run )?(?<script>[a-z:-]+))(?: -- [\w\s"$/.-]+)?$/;

/** Sentences about a workflow that decides something itself, trusts a tag, or may more than it needs. */
export function policyProblems(file: string, text: string, runnable: ReadonlySet<string>): string[] {
  const { permissions, jobs } = parse(text) as Workflow;
  const problems: string[] = [];
  if (typeof permissions !== 'object') problems.push('has no "permissions": start with "permissions: {}"');
  if (writes(permissions)) problems.push('lets every job write: move the permission into the one job that needs it');
  for (const [job, { 'timeout-minutes': timeout, steps = [] }] of Object.entries(jobs)) {
    if (timeout === undefined) problems.push(`job ${job} has no timeout-minutes: give it one`);
    for (const { run, uses } of steps) {
      const { program, script } = command.exec(run?.trim() ?? '')?.groups ?? {};
      const name = script ?? (program && `.ci/${program}`);
      if (run !== undefined && name === undefined) {
        problems.push(`job ${job} runs "${run.trim()}": make a script of it in package.json, for everybody to run`);
      }
      if (name !== undefined && !runnable.has(name)) problems.push(`job ${job} runs ${name}: there is none`);
      if (uses !== undefined && !isPinned(uses, text)) {
        problems.push(`job ${job} uses ${uses}: pin it to the hash of a commit, its version in a comment`);
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
