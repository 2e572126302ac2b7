import { writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createTemporaryFolder, type TemporaryFolder } from '../temporary-folder.ts';

export interface FakeAz {
  /** A PATH on which `az` is ours. The program is written when this is first read: most never ask for it. */
  readonly path: string;
  remove(): void;
}

/** An `az` that gets its tokens from `url`. It answers `account get-access-token`, the one command that `AzureCliCredential` runs. */
export function createFakeAz(url: string, header: string): FakeAz {
  let folder: TemporaryFolder | undefined;
  const write = (): TemporaryFolder => {
    const made = createTemporaryFolder();
    writeFileSync(join(made.path, 'az'), programOf(url, header), { mode: 0o755 });
    return made;
  };
  return {
    get path() {
      folder ??= write();
      return `${folder.path}${delimiter}${process.env['PATH'] ?? ''}`;
    },
    remove: () => folder?.remove(),
  };
}

const programOf = (url: string, header: string): string => `#!${process.execPath}
const args = process.argv.slice(2);
const resource = args[args.indexOf('--resource') + 1] ?? '';
fetch(${JSON.stringify(url)} + '?resource=' + encodeURIComponent(resource), { headers: { 'x-identity-header': ${JSON.stringify(header)} } })
  .then(async (response) => {
    const text = await response.text();
    if (response.ok) process.stdout.write(text);
    else { process.stderr.write('ERROR: ' + text); process.exitCode = 1; }
  })
  .catch((error) => { process.stderr.write('ERROR: ' + error.message); process.exitCode = 1; });
`;
