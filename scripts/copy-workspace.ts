import { existsSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './run.ts';

/** Copies what is or could be committed (changes that are not yet, too) and commits it there, for the tools that ask git. */
export async function copyWorkspace(from: string, to: string): Promise<void> {
  const listed = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: from });
  const files = listed.split('\0').filter((file) => file !== '' && existsSync(join(from, file)));
  for (const file of files) await cp(join(from, file), join(to, file));
  const git = (...args: string[]): Promise<string> => run('git', args, { cwd: to });
  await git('init', '--quiet', '--initial-branch', 'main');
  await git('add', '--all');
  const author = ['-c', 'user.name=rehearsal', '-c', 'user.email=rehearsal@localhost', '-c', 'commit.gpgsign=false'];
  await git(...author, 'commit', '--quiet', '--no-verify', '--message', 'The workspace as it is');
}
