/** The command of this package, for another command line to offer: `entra-redis emulate`. */
export { emulate } from './emulate.ts';
export { createEmulateCommand, type EmulateOptions, explain } from './options.ts';
