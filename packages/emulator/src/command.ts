/** The command of this package, for another command line to offer: `entra-redis emulate`. */
export { emulate } from './cli/emulate.ts';
export { explain } from './cli/explain.ts';
export { createEmulateCommand, type EmulateOptions } from './cli/options.ts';
