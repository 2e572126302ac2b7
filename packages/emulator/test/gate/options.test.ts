import { expect, test } from 'vitest';
import { startGate } from '../../src/index.ts';
import type { GateOptions } from '../../src/types.ts';
import { passwords } from '../cache/helpers.ts';

test.each([
  [{ cluster: { masters: 3 } }, 'options.cluster is an option of startCache only: start a gate for each node'],
  [{ sentinel: { masterName: 'main' } }, 'options.sentinel is an option of startCache only'],
  [{ resp: 2 }, 'options.resp is an option of startCache only: the server decides'],
  [{ denied: ['CONFIG'] }, 'options.denied is an option of startCache only: give the user of the gate fewer rights'],
])('an option that only the fake has is refused, with what to do instead: %j', async (more, words) => {
  const options = { verifier: passwords, upstream: { host: '127.0.0.1', port: 1 }, ...more } as GateOptions;
  await expect(startGate(options)).rejects.toThrow(words);
});
