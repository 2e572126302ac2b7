// Holds the public surface of every published package to the committed reports in its folder `review`: a change fails until `npm run api`
// (--update) has written the new ones and they are committed.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { type PublishedPackage, publishedPackages, root } from './workspace.ts';

interface EntryPoint {
  /** What users import. */
  readonly path: string;
  readonly types: string;
  readonly folder: string;
  /** `index.api.md`, or that of a subpath. */
  readonly report: string;
}

const silent = { logLevel: ExtractorLogLevel.None };
const update = process.argv.includes('--update');

function entryPointsOf({ folder, manifest: { name, exports = {} } }: PublishedPackage): EntryPoint[] {
  return Object.entries(exports).flatMap(([subpath, target]) => {
    const module = typeof target === 'string' ? target : target.import;
    const types = join(folder, module.replace(/\.js$/, '.d.ts'));
    if (!module.endsWith('.js') || !existsSync(types)) return [];
    const report = `${subpath.slice(2) || 'index'}.api.md`;
    return [{ path: `${name}${subpath.slice(1)}`, types, folder, report }];
  });
}

/** Whether the surface is not that of the report, which --update has written then. */
function differs({ types, folder, report }: EntryPoint, work: string): boolean {
  const configObject = {
    projectFolder: folder,
    mainEntryPointFilePath: types,
    newlineKind: 'lf' as const,
    compiler: {
      overrideTsconfig: {
        compilerOptions: {
          target: 'es2023',
          module: 'nodenext',
          lib: ['es2023', 'esnext.disposable'],
          types: ['node'],
          skipLibCheck: true,
          strict: true,
        },
        include: [types],
      },
    },
    apiReport: {
      enabled: true,
      reportFolder: join(folder, 'review'),
      reportFileName: report,
      reportTempFolder: work,
      includeForgottenExports: true,
    },
    docModel: { enabled: false },
    dtsRollup: { enabled: false },
    tsdocMetadata: { enabled: false },
    messages: {
      compilerMessageReporting: { default: silent },
      // Release tags and {@link} syntax are not ours.
      extractorMessageReporting: {
        default: silent,
        'ae-undocumented': { ...silent, addToApiReportFile: true },
      },
      tsdocMessageReporting: { default: silent },
    },
  };
  const config = ExtractorConfig.prepare({
    configObject,
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, 'package.json'),
  });
  const { apiReportChanged } = Extractor.invoke(config, {
    localBuild: update,
    showVerboseMessages: false,
    messageCallback: (message) => (message.handled = true),
  });
  return apiReportChanged;
}

const work = mkdtempSync(join(tmpdir(), 'entra-redis-api-'));
try {
  const changed = publishedPackages()
    .flatMap(entryPointsOf)
    .filter((entryPoint) => differs(entryPoint, work));
  for (const { path, folder, report } of changed) {
    const file = join(relative(root, folder), 'review', report);
    if (update) console.log(`written: ${file}`);
    else
      console.error(
        `The public surface of ${path} is not that of ${file}: run "npm run api", look at the diff, commit it.`,
      );
  }
  if (!update && changed.length > 0) process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true });
}
