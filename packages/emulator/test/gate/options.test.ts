import { expect, test } from 'vitest';
import { startGate } from '../../src/index.ts';
import type { GateOptions } from '../../src/types.ts';
import { passwords } from '../cache/helpers.ts';

test.each([
  [{ cluster: { masters: 3 } }, 'options.cluster is of startCache alone: start a gate for each node'],
  [{ sentinel: { masterName: 'main' } }, 'options.sentinel is of startCache alone'],
  [{ resp: 2 }, 'options.resp is of startCache alone: the server decides'],
  [{ denied: ['CONFIG'] }, 'options.denied is of startCache alone: give the user of the gate fewer rights'],
])('an option that only the fake has is refused, with what to do instead: %j', async (more, words) => {
  const options = { verifier: passwords, upstream: { host: '127.0.0.1', port: 1 }, ...more } as GateOptions;
  await expect(startGate(options)).rejects.toThrow(words);
});
