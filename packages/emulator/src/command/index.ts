/** The command of this package, for another command line to offer: `entra-redis emulate`. */
export { emulate } from './emulate.ts';
export { explain } from './explain.ts';
export { createEmulateCommand, type EmulateOptions } from './options.ts';
