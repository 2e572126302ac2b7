import { checkAccessPolicies } from '../policy/access.ts';
import type { GateOptions } from '../types.ts';

/** Throws on the first option that makes no sense, naming it and its value. */
export function checkGateOptions(options: GateOptions): void {
  if (typeof options.verifier?.verify !== 'function') {
    throw new TypeError('options.verifier must have a method verify(username, password): usually entra.verifier');
  }
  const { upstream } = options;
  if (typeof upstream?.host !== 'string' || upstream.host === '') {
    throw new TypeError(`options.upstream.host must be the host name of a Redis: ${JSON.stringify(upstream?.host)}`);
  }
  assertPort('upstream.port', upstream.port, 1);
  if (upstream.username !== undefined && upstream.password === undefined) {
    throw new TypeError('options.upstream.username needs options.upstream.password beside it');
  }
  assertPort('port', options.port ?? 0, 0);
  if (options.rewriteAddress !== undefined && typeof options.rewriteAddress !== 'function') {
    throw new TypeError(`options.rewriteAddress must be a function: ${typeof options.rewriteAddress}`);
  }
  checkAccessPolicies(options.accessPolicies);
  if (options.record !== undefined && options.record !== 'all' && options.record !== 'logins') {
    throw new TypeError(`options.record must be 'all' or 'logins': ${String(options.record)}`);
  }
}

function assertPort(name: string, value: number, least: number): void {
  if (!(Number.isSafeInteger(value) && value >= least && value <= 65_535)) {
    throw new RangeError(`options.${name} must be an integer from ${least} to 65535: ${value}`);
  }
}
