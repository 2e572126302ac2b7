// Takes one sample and prints it: `sample.js <name> <options as JSON>`.
import { type SampleName, samples } from '../samples/index.ts';

const [, , name = '', options = '{}'] = process.argv;
if (!Object.hasOwn(samples, name)) throw new Error(`no sample ${name}`);
const sample = (await samples[name as SampleName]()) as (given: unknown) => Promise<unknown>;
console.log(JSON.stringify(await sample(JSON.parse(options))));
// Some peers keep the process alive.
process.exit(0);
