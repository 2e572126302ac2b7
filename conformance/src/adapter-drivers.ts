// Our own drivers, for suites beside this one: apart from `driver-kit`, as it loads every copy of every client.
export { adapterDrivers } from './drivers/adapter-drivers.ts';
export type { Managing } from './drivers/managed-application.ts';
