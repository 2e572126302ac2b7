// A driver process that breaks the rule of the sabotage with this number: `sabotaged-driver.ts 4 ioredis`.
import type { Driver } from '../src/driver.ts';
import { driverSources } from '../src/drivers/sources.ts';
import { serveDriver } from '../src/json-lines/serve.ts';
import { type Sabotage, sabotages } from './sabotages.ts';

const [, , index, client] = process.argv;
const source = driverSources.find(({ name }) => name === client);
if (source === undefined) throw new Error('no client');
const { managing = {}, driver: changed = (whole: Driver) => whole } =
  sabotages[Number(index)] ?? ({} as Partial<Sabotage>);
serveDriver(changed((await source.load())(managing)));
