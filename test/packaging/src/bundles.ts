import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Check } from './checks.ts';
import { type Bundler, bundlers } from './bundlers.ts';
import { clientOf } from './clients.ts';
import { type Machine, login } from './logins.ts';
import type { Project } from './projects.ts';
import { assertRefused } from './refusals.ts';

/** Each application as one file, run in a folder without any node_modules; `whole`: by every bundler. */
export function bundleChecks(project: Project, machine: Machine, within: string, whole: boolean): Check[] {
  return project.applications.flatMap((application) =>
    bundlers
      .filter(({ chosen }) => whole || chosen)
      .map((bundler, index) => ({
        name: `bundle of ${application} by ${bundler.way}, ${project.title}`,
        proves: { way: bundler.way, clients: [clientOf(project.kind, application)] },
        run: () =>
          bundle(project, application, bundler, join(within, `${project.kind}-${application}-${index}`), machine),
      })),
  );
}

async function bundle(project: Project, application: string, bundler: Bundler, folder: string, machine: Machine) {
  const extension = bundler.format === 'esm' ? 'mjs' : 'cjs';
  await mkdir(folder, { recursive: true });
  const outfile = join(folder, `${application}.${extension}`);
  await bundler.bundle(join(project.folder, `${application}.${extension}`), outfile);
  await login([process.execPath, outfile], folder, machine.azure);
  await assertRefused(machine.tooOld, outfile, folder);
}
