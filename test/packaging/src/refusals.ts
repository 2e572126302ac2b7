import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Check } from './checks.ts';
import { CommandFailed, Problem, run } from '../../../scripts/run.ts';
import { clientOf } from './clients.ts';
import type { Machine } from './logins.ts';
import { cleanEnvironment } from './managers.ts';
import type { Project } from './projects.ts';

/** The newest Node that none of our packages takes. */
export const tooOldNode = '20';

/** Every application and command on a Node below `engines`: one sentence says so. */
export function refusalChecks(project: Project, { tooOld }: Machine): Check[] {
  const programs = [
    ...project.applications.flatMap((application) =>
      ['mjs', 'cjs'].map((extension) => ({
        program: `${application}.${extension}`,
        client: clientOf(project.kind, application),
      })),
    ),
    ...(project.kind === 'tools' ? commands : []),
  ];
  return programs.map(({ program, client }) => ({
    name: `${program} refused by Node ${tooOldNode}, ${project.title}`,
    proves: { way: `Node.js ${tooOldNode} refused by one sentence`, clients: [client] },
    run: () => assertRefused(tooOld, program, project.folder),
  }));
}

const commands = [
  { program: 'node_modules/entra-redis/dist/bin.js', client: 'entra-redis' },
  { program: 'node_modules/@entra-redis/conformance/dist/bin.js', client: 'conformance' },
];

export async function assertRefused(tooOld: string, program: string, cwd: string): Promise<void> {
  // Imported, to see the error itself: with it Node prints the line of source, which in a minified bundle is all of it.
  const say = '.catch(({ message }) => { console.error(message); process.exitCode = 1; })';
  const script = `import(${JSON.stringify(pathToFileURL(resolve(cwd, program)).href)})${say}`;
  const options = { cwd, env: cleanEnvironment() };
  const outcome = await run(tooOld, ['--eval', script], options).catch((error: unknown) => error);
  if (outcome instanceof CommandFailed && /^\S+ needs Node\.js \S.*, and this is \d.*$/.test(outcome.output.trim()))
    return;
  throw new Problem(
    `On Node ${tooOldNode}, ${program} does not say that it needs a newer Node.js: look at internal/config/src/node-floor.mjs.\n${String(outcome)}`,
  );
}
