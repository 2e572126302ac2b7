import type { Driver } from '../driver/driver.ts';
import type { Managing } from './managed-application.ts';
import { driverSources } from './adapter-sources.ts';

const make = await Promise.all(driverSources.map(({ load }) => load()));

/** Every adapter with every version of its client, its managers changed by `managing`. */
export const adapterDrivers = (managing?: Managing): readonly Driver[] => make.map((driver) => driver(managing));

export const drivers: readonly Driver[] = adapterDrivers();
