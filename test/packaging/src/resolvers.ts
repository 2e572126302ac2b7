import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import resolve from 'resolve';
import type { Check } from './checks.ts';
import type { Project } from './projects.ts';
import { Problem } from '../../../scripts/run.ts';

/** Tools that read no `exports` (those on the package `resolve`) find the same file as Node, and its declarations, at each import path. */
export function resolverChecks(project: Project): Check[] {
  const names = Object.keys(project.dependencies).filter(
    (name) => existsSync(manifestIn(project, name)) && /entra-redis/.test(name),
  );
  return names.map((name) => ({
    name: `import paths of ${name} without exports, ${project.title}`,
    proves: { way: 'tools that read no exports', clients: [name] },
    run: async () => {
      const problems = exportsOf(project, name).flatMap(([path, file]) => {
        const found = realpathSync(resolve.sync(path, { basedir: project.folder }));
        const wanted = realpathSync(join(manifestIn(project, name), '..', file));
        return found === wanted ? [] : [`${path} is ${found} without exports, and ${wanted} with them.`];
      });
      if (problems.length > 0) throw new Problem(problems.join('\n'));
    },
  }));
}

const manifestIn = ({ folder }: Project, name: string): string => join(folder, 'node_modules', name, 'package.json');

/** Import paths, each with the file that `require` loads. */
function exportsOf(project: Project, name: string): [path: string, file: string][] {
  const { exports } = JSON.parse(readFileSync(manifestIn(project, name), 'utf8')) as {
    exports: Record<string, string | { require: string }>;
  };
  return Object.entries(exports)
    .filter(([subpath]) => subpath !== './package.json')
    .map(([subpath, target]) => [name + subpath.slice(1), typeof target === 'string' ? target : target.require]);
}
