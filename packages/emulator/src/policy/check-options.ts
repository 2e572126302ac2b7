import type { CacheOptions, GateOptions } from '../types.ts';
import { checkAccessPolicies } from './access.ts';

/** Throws on the first option of a cache or gate that makes no sense, naming it and its value. */
export function checkCommonOptions({ verifier, port, accessPolicies, record }: CacheOptions | GateOptions): void {
  if (typeof verifier?.verify !== 'function') {
    throw new TypeError('options.verifier must have a method verify(username, password): usually entra.verifier');
  }
  checkInteger('port', port, 0, 65_535);
  checkAccessPolicies(accessPolicies);
  if (record !== undefined && record !== 'all' && record !== 'logins') {
    throw new TypeError(`options.record must be 'all' or 'logins': ${String(record)}`);
  }
}

export function checkInteger(name: string, value: number | undefined, least: number, most: number): void {
  if (value !== undefined && !(Number.isSafeInteger(value) && value >= least && value <= most)) {
    throw new RangeError(`options.${name} must be an integer from ${least} to ${most}: ${value}`);
  }
}
