import type { Claims } from '../claims.ts';

/** `managed identity`, with the sign-in name of a user. */
export function describeIdentity({ identity, name }: Claims): string {
  switch (identity) {
    case 'user':
      return name === undefined ? 'a user' : `the user ${name}`;
    case 'managed identity':
      return 'a managed identity';
    case 'service principal':
      return 'a service principal';
    case 'application':
      return 'a service principal or managed identity';
    default:
      return 'an identity of unknown kind';
  }
}
