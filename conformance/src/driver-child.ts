// One of the suite's own drivers as a process of its own: `driver-child.js ioredis@6.0.0`, or `ioredis` for the newest.
import { drivers } from './drivers/index.ts';
import { serveDriver } from './json-lines/serve.ts';

const wanted = process.argv[2];
const driver = drivers.find(({ name, clientVersion }) => [name, `${name}@${clientVersion}`].includes(String(wanted)));
if (driver === undefined) throw new Error(`no driver ${wanted}`);
serveDriver(driver);
