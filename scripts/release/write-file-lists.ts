// Writes the lists of what the packages hold: npm run package-files
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../workspace.ts';
import { writeFileList } from './file-lists.ts';
import { packAll } from './pack-all.ts';

const folder = mkdtempSync(join(tmpdir(), 'entra-redis-pack-'));
try {
  mkdirSync(join(root, 'docs', 'package-files'), { recursive: true });
  for (const tarball of await packAll(root, folder)) writeFileList(root, tarball);
} finally {
  rmSync(folder, { recursive: true });
}
