// A driver process whose adapter breaks the rule of the sabotage with this number: `sabotaged-driver.ts 4 ioredis`.
import { driverSources } from '../src/drivers/sources.ts';
import { serveDriver } from '../src/json-lines/serve.ts';
import { sabotages } from './sabotages.ts';

const [, , index, client] = process.argv;
const source = driverSources.find(({ name }) => name === client);
if (source === undefined) throw new Error('no client');
const sabotage = sabotages[Number(index)];
serveDriver((await source.load())(sabotage === undefined ? {} : { decorate: sabotage.decorate }));
