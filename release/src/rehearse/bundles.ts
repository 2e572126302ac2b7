import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Check } from '../checks.ts';
import { type Machine, login } from './logins.ts';
import type { Project } from './projects.ts';

// Redis clients are CommonJS and require node:net: esbuild leaves that `require` to whoever runs an ES module.
const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" };

/** Each application as one file by esbuild, run in a folder without any node_modules. */
export function bundleChecks(project: Project, machine: Machine, within: string): Check[] {
  return project.applications.flatMap((application) =>
    (['esm', 'cjs'] as const).map((format) => ({
      name: `bundle of ${application} as ${format}, ${project.title}`,
      run: () => bundle(project, application, format, machine, within),
    })),
  );
}

async function bundle(project: Project, application: string, format: 'esm' | 'cjs', machine: Machine, within: string) {
  const extension = format === 'esm' ? 'mjs' : 'cjs';
  const folder = join(within, project.kind.replaceAll(' ', '-'));
  await mkdir(folder, { recursive: true });
  const outfile = join(folder, `${application}.${extension}`);
  await build({
    absWorkingDir: project.folder,
    entryPoints: [`${application}.${extension}`],
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node22',
    format,
    outfile,
    logLevel: 'silent',
    ...(format === 'esm' && { banner }),
  });
  await login([process.execPath, outfile], folder, machine.azure);
}
