// Whoever tests a client of their own: every import path of the suite, which is an ES module alone.
import { type Driver, scenarios, targets } from '@entra-redis/conformance';
import { missing } from '@entra-redis/conformance/kit';
import { managedDrivers } from '@entra-redis/conformance/managed';

export const everything: readonly unknown[] = [scenarios, targets, missing, managedDrivers];
export type Tested = Driver;
