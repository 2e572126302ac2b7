import { type Check, Problem } from '../checks.ts';
import { run } from '../run.ts';
import { cleanEnvironment } from './managers.ts';
import type { Project } from './projects.ts';

/** What a user calls by npx, with a word of its answer. */
const commands: readonly (readonly [command: string, args: readonly string[], says: string])[] = [
  ['entra-redis', ['doctor', '--help'], 'entra-redis doctor'],
  ['entra-redis-emulator', ['--help'], 'entra-redis-emulator'],
  ['entra-redis-conformance', ['--list', '--driver', 'ioredis@6', '--target', 'fake'], 'target:fake'],
];

export function commandChecks(project: Project): Check[] {
  return commands.map(([command, args, says]) => ({
    name: `${command} ${args[0]}, ${project.title}`,
    run: async () => {
      const [program, ...line] = project.manager.exec(command, ...args);
      const output = await run(program, line, { cwd: project.folder, env: cleanEnvironment() });
      if (!output.includes(says)) throw new Problem(`${command} does not say "${says}":\n${output}`);
    },
  }));
}
