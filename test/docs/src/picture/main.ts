// Draws the pictures of docs/how-refresh-works: of a new run of 75 s, or with --redraw of the recorded one; and the diagrams.
import { readFileSync, writeFileSync } from 'node:fs';
import { diagrams } from './diagrams.ts';
import { draw } from './draw.ts';
import { record, type Run } from './record.ts';

const folder = new URL('../../../../docs/how-refresh-works/', import.meta.url);
const data = new URL('run.json', folder);

if (!process.argv.includes('--redraw')) writeFileSync(data, `${JSON.stringify(await record())}\n`);
const run = JSON.parse(readFileSync(data, 'utf8')) as Run;
writeFileSync(new URL('picture.svg', folder), draw(run));
for (const [file, drawDiagram] of Object.entries(diagrams)) writeFileSync(new URL(file, folder), drawDiagram());
console.log(`${run.commands} commands, ${run.failed} failed, ${run.cut} connections cut by expiry`);
