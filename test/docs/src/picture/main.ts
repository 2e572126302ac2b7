// Draws the picture of docs/how-refresh-works.md: from a new run of 75 s, or with --redraw from the recorded one.
import { readFileSync, writeFileSync } from 'node:fs';
import { draw } from './draw.ts';
import { record, type Run } from './record.ts';

const folder = new URL('../../../../docs/how-refresh-works/', import.meta.url);
const data = new URL('run.json', folder);

if (!process.argv.includes('--redraw')) writeFileSync(data, `${JSON.stringify(await record())}\n`);
const run = JSON.parse(readFileSync(data, 'utf8')) as Run;
writeFileSync(new URL('picture.svg', folder), draw(run));
console.log(`${run.commands} commands, ${run.failed} failed, ${run.cut} connections cut by expiry`);
