import type { Check } from './checks.ts';
import { Problem, run } from '../../../scripts/run.ts';
import { clientOf } from './clients.ts';
import { cleanEnvironment } from './managers.ts';
import { oldestNodes } from './nodes.ts';
import { packageOf, type Project } from './projects.ts';

export interface Machine {
  /** Path of the binary by version, for the newest of each line. */
  readonly newest: Readonly<Record<string, string>>;
  /** The same for the oldest that `engines` of our packages name. */
  readonly oldest: Readonly<Record<string, string>>;
  /** A Node below `engines` of every package. */
  readonly tooOld: string;
  /** `engines.node` by package. */
  readonly engines: Readonly<Record<string, string>>;
  /** Where the cache is, and a token for it. */
  readonly azure: Readonly<Record<string, string>>;
}

/**
 * Every application as an ES module and as CommonJS on every Node. npm's layout adds the oldest Nodes that `engines` name; pnpm's differs
 * from it in the same way on every Node, so that one Node is enough; Plug'n'Play hooks into each Node in another way.
 */
export function loginChecks(project: Project, machine: Machine): Check[] {
  return project.applications.flatMap((application) => {
    const floors = oldestNodes(machine.engines[packageOf[application]!]!);
    const old = Object.entries(machine.oldest).filter(([version]) => floors.includes(version));
    const all = Object.entries(machine.newest);
    const nodes = { npm: [...all, ...old], pnpm: all.slice(0, 1) }[project.manager.name] ?? all;
    return nodes.flatMap(([version, binary]) =>
      ['mjs', 'cjs'].map((extension) => {
        const program = `${application}.${extension}`;
        return {
          name: `${program} on Node ${version}, ${project.title}`,
          proves: {
            way: `Node.js ${version}, ${extension === 'mjs' ? 'ES module' : 'CommonJS'}`,
            clients: [clientOf(project.kind, application)],
          },
          run: () => login(project.manager.node(project.folder, binary, program), project.folder, machine.azure),
        };
      }),
    );
  });
}

/** Runs an application to its own end: it logs in, also on a copy of its client, and nothing keeps it alive. */
export async function login(
  [command, ...args]: readonly [string, ...string[]],
  cwd: string,
  azure: Readonly<Record<string, string>>,
): Promise<void> {
  const output = await run(command, args, { cwd, env: { ...cleanEnvironment(), ...azure }, timeoutMs: 60_000 });
  if (output.trim() !== 'PONG PONG') {
    throw new Problem(`The application printed "${output.trim()}" instead of "PONG PONG": run it by hand in ${cwd}.`);
  }
}
