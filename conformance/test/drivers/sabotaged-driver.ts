// A driver process that breaks the rule of the sabotage with this number: `sabotaged-driver.ts 4 ioredis`.
import type { Driver } from '../../src/driver/driver.ts';
import { driverSources } from '../../src/drivers/adapter-sources.ts';
import { serveDriver } from '../../src/driver/stdio/serve-driver.ts';
import { type Sabotage, sabotages } from './sabotages.ts';

const [, , index, client] = process.argv;
const source = driverSources.find(({ name }) => name === client);
if (source === undefined) throw new Error('no client');
const { managing = {}, driver: changed = (whole: Driver) => whole } =
  sabotages[Number(index)] ?? ({} as Partial<Sabotage>);
serveDriver(changed((await source.load())(managing)));
