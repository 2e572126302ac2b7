/** The one place that finds, starts and stops real servers. Runs from its sources: nothing here needs a build. */
export { meetCommands, slotCommands, slotCount } from './cluster.ts';
export { eventually, Progress } from './eventually.ts';
export { findRedisProgram } from './program.ts';
export { type RedisServer, type RedisServerOptions, startRedisServer } from './start.ts';
