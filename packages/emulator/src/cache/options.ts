import { checkAccessPolicies } from '../policy/access.ts';
import type { CacheOptions } from '../types.ts';

function assertCount(name: string, value: number | undefined, least: number, most: number): void {
  if (value !== undefined && !(Number.isSafeInteger(value) && value >= least && value <= most)) {
    throw new RangeError(`options.${name} must be an integer from ${least} to ${most}: ${value}`);
  }
}

/** Throws on the first option that makes no sense, naming it and its value. */
export function checkOptions(options: CacheOptions): void {
  if (typeof options.verifier?.verify !== 'function') {
    throw new TypeError('options.verifier must have a method verify(username, password): usually entra.verifier');
  }
  assertCount('port', options.port, 0, 65_535);
  assertCount('resp', options.resp, 2, 3);
  assertCount('cluster.masters', options.cluster?.masters, 1, 1000);
  assertCount('cluster.replicasPerMaster', options.cluster?.replicasPerMaster, 0, 10);
  assertCount('sentinel.replicas', options.sentinel?.replicas, 0, 100);
  assertCount('sentinel.sentinels', options.sentinel?.sentinels, 1, 100);
  if (options.cluster !== undefined && options.sentinel !== undefined) {
    throw new TypeError('options.cluster and options.sentinel exclude each other');
  }
  checkAccessPolicies(options.accessPolicies);
  if (options.record !== undefined && options.record !== 'all' && options.record !== 'logins') {
    throw new TypeError(`options.record must be 'all' or 'logins': ${String(options.record)}`);
  }
}
