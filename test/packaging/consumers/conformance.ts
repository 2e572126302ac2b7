// Whoever tests a client of their own: every import path of the suite, which is an ES module alone.
import { type Driver, scenarios, targets } from '@entra-redis/conformance';
import { missing } from '@entra-redis/conformance/driver-kit';
import { adapterDrivers } from '@entra-redis/conformance/adapter-drivers';

export const everything: readonly unknown[] = [scenarios, targets, missing, adapterDrivers];
export type Tested = Driver;
