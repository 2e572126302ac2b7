import { EntraRedisError } from '../errors/errors.ts';

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
