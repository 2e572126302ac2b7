import type { Check } from './checks.ts';
import { Problem, run } from '../../../scripts/run.ts';
import type { Machine } from './logins.ts';
import { cleanEnvironment } from './managers.ts';
import { oldestNodes } from './nodes.ts';
import type { Project } from './projects.ts';

interface UsersCommand {
  readonly command: string;
  readonly from: string;
  readonly args: readonly string[];
  /** A word of its answer. */
  readonly says: string;
}

/** What a user calls by npx. */
const commands: readonly UsersCommand[] = [
  { command: 'entra-redis', from: 'entra-redis', args: ['doctor', '--help'], says: 'entra-redis doctor' },
  {
    command: 'entra-redis-conformance',
    from: '@entra-redis/conformance',
    args: ['--list', '--driver', 'ioredis@6', '--target', 'fake'],
    says: 'target:fake',
  },
];

export function commandChecks(project: Project): Check[] {
  return commands.map(({ command, args, says }) => ({
    name: `${command} ${args[0]}, ${project.title}`,
    run: async () => {
      const [program, ...line] = project.manager.exec(command, ...args);
      const output = await run(program, line, { cwd: project.folder, env: cleanEnvironment() });
      if (!output.includes(says)) throw new Problem(`${command} does not say "${says}":\n${output}`);
    },
  }));
}

/** The same commands on every Node that their packages take. */
export function commandsOnNodes(project: Project, { newest, oldest, engines }: Machine): Check[] {
  return commands.flatMap(({ from, args, says }) => {
    const floors = oldestNodes(engines[from]!);
    const nodes = [
      ...Object.entries(newest),
      ...Object.entries(oldest).filter(([version]) => floors.includes(version)),
    ];
    return nodes.map(([version, binary]) => ({
      name: `${from} on Node ${version}, ${project.title}`,
      proves: { way: `Node.js ${version}, command`, clients: [from.replace('@entra-redis/', '')] },
      run: async () => {
        const line = [`node_modules/${from}/dist/bin.js`, ...args];
        const output = await run(binary, line, { cwd: project.folder, env: cleanEnvironment() });
        if (!output.includes(says)) throw new Problem(`${from} does not say "${says}":\n${output}`);
      },
    }));
  });
}
