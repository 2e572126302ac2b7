import { EntraRedisError, invalidOption } from '../errors/errors.ts';
import { checkKeys } from '../manager/options.ts';
import type { TokenManager } from '../manager/types.ts';

/** The options of every adapter, in addition to the manager. */
export interface AdapterOptions {
  /** Send tokens over connections that are neither TLS nor loopback. Default: false. */
  allowPlainText?: boolean;
}

/**
 * For adapters: checks what each of them is given, and adds the defaults.
 *
 * @throws EntraRedisError ERR_INVALID_OPTION if `manager` is not a token manager, and for an unknown option or a wrong type.
 */
export function adapterOptions(manager: TokenManager, options: AdapterOptions): Required<AdapterOptions> {
  if (typeof manager?.register !== 'function') {
    throw new EntraRedisError(
      'ERR_INVALID_OPTION',
      'manager: not a token manager. Pass createTokenManager(credential), not the credential itself.',
    );
  }
  checkKeys('', options, ['allowPlainText']);
  const { allowPlainText = false } = options;
  if (typeof allowPlainText === 'boolean') return { allowPlainText };
  throw invalidOption('allowPlainText', allowPlainText, 'a boolean');
}

function managerAsOptions(): never {
  throw new EntraRedisError(
    'ERR_INVALID_OPTION',
    'options are the token manager itself: write new Redis(withEntra(manager, { host })) with ioredis, ' +
      'createClient({ url, credentialsProvider: entraCredentials(manager) }) with node-redis',
  );
}

/**
 * A client that is given the manager in place of its options would connect to localhost without a token. ioredis copies what is enumerable,
 * inherited or not; node-redis reads `modules` before anything else.
 */
export function refuseAsOptions(prototype: object): void {
  Object.defineProperty(prototype, 'host', { get: managerAsOptions, enumerable: true });
  Object.defineProperty(prototype, 'modules', { get: managerAsOptions });
}
