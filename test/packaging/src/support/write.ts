// Writes the support tables of the READMEs from what the whole rehearsal runs: npm run support
import { root } from '../../../../scripts/workspace.ts';
import { writeSupport } from './pages.ts';

writeSupport(root);
