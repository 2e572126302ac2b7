import { chmod, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { createTemporaryFolder } from '../temporary-folder.ts';

export interface FakeAz {
  /** A PATH on which `az` is ours. */
  readonly path: string;
  remove(): Promise<void>;
}

/** An `az` that gets its tokens from `url`. It answers `account get-access-token`, the one command that `AzureCliCredential` runs. */
export async function createFakeAz(url: string, header: string): Promise<FakeAz> {
  const folder = await createTemporaryFolder();
  const program = `#!${process.execPath}
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
  const file = join(folder.path, 'az');
  await writeFile(file, program);
  await chmod(file, 0o755);
  return {
    path: `${folder.path}${delimiter}${process.env['PATH'] ?? ''}`,
    remove: () => folder.remove(),
  };
}
