// Our own drivers, for suites beside this one: apart from the kit, as it loads every copy of every client.
export { managedDrivers } from './drivers/index.ts';
export type { Managing } from './drivers/managed-application.ts';
