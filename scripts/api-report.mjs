#!/usr/bin/env node
// Holds the public surface of every published package to its committed report in docs/api/: a change fails until
// `npm run api` has written the new one and it is committed.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { entryPoints } from './entry-points.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const update = process.argv.includes('--update');
const reports = join(root, 'docs', 'api');
const work = mkdtempSync(join(tmpdir(), 'entra-redis-api-'));

function extract({ name, types, folder, manifest }) {
  const configObject = {
    projectFolder: folder,
    mainEntryPointFilePath: types,
    newlineKind: 'lf',
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
      reportFolder: reports,
      reportFileName: `${name}.api.md`,
      reportTempFolder: work,
      includeForgottenExports: true,
    },
    docModel: { enabled: false },
    dtsRollup: { enabled: false },
    tsdocMetadata: { enabled: false },
    messages: {
      compilerMessageReporting: { default: { logLevel: 'none' } },
      // Release tags and {@link} syntax are not ours.
      extractorMessageReporting: {
        default: { logLevel: 'none' },
        'ae-undocumented': { logLevel: 'none', addToApiReportFile: true },
      },
      tsdocMessageReporting: { default: { logLevel: 'none' } },
    },
  };
  const config = ExtractorConfig.prepare({
    configObject,
    configObjectFullPath: undefined,
    packageJsonFullPath: manifest,
  });
  const { apiReportChanged } = Extractor.invoke(config, {
    localBuild: update,
    showVerboseMessages: false,
    messageCallback: (message) => (message.handled = true),
  });
  return apiReportChanged;
}

try {
  const changed = entryPoints().filter(extract);
  for (const { name } of changed) {
    if (update) console.log(`written: docs/api/${name}.api.md`);
    else
      console.error(
        `The public surface of ${name} is not that of docs/api/${name}.api.md: run "npm run api", look at the diff, commit it.`,
      );
  }
  if (!update && changed.length > 0) process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true });
}
