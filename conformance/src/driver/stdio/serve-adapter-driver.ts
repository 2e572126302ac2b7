// One of the suite's own drivers as a process of its own: `serve-adapter-driver.js ioredis@6.0.0`, or `ioredis` for the newest.
import { driverSources } from '../../drivers/adapter-sources.ts';
import { serveDriver } from './serve-driver.ts';

const wanted = process.argv[2];
const source = driverSources.find(({ name, version }) => [name, `${name}@${version}`].includes(String(wanted)));
if (source === undefined) throw new Error(`no driver ${wanted}`);
serveDriver((await source.load())());
