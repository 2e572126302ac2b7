import { startSingleServer } from './single-server.ts';
import type { Target } from './target.ts';

/** A real valkey-server, where the variable VALKEY_SERVER names one. */
export const valkey: Target = {
  name: 'valkey',
  topology: 'standalone',
  resp: [2, 3],
  required: false,
  async start(options) {
    const program = process.env['VALKEY_SERVER'];
    if (program === undefined || program === '') {
      throw new Error('No valkey-server: set VALKEY_SERVER to the path of one, Valkey 7.2 or newer.');
    }
    return await startSingleServer({ ...options, program });
  },
};
