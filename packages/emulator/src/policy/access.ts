import type { AccessPolicies, AccessPolicy } from '../types.ts';

/** The policy of an object id; undefined: it has none, and no token helps it. Without policies everybody is an owner. */
export function accessOf(policies: AccessPolicies | undefined, objectId: string): AccessPolicy | undefined {
  if (policies === undefined) return 'owner';
  if (typeof policies === 'function') return policies(objectId);
  return Object.hasOwn(policies, objectId) ? policies[objectId] : undefined;
}

/** Whether a reader may not run a command with these flags; undefined: one that nobody knows. */
export function forbiddenToReaders(flags: ReadonlySet<string> | undefined): boolean {
  return flags === undefined || flags.has('write') || flags.has('admin');
}

export function noPermission(name: string): string {
  return `NOPERM this user has no permissions to run the '${name}' command`;
}

/** Throws on policies that are none, naming the object id. */
export function checkAccessPolicies(policies: AccessPolicies | undefined): void {
  if (policies === undefined || typeof policies === 'function') return;
  if (typeof policies !== 'object' || policies === null) {
    throw new TypeError(`options.accessPolicies must be a record of object ids or a function: ${String(policies)}`);
  }
  for (const [objectId, policy] of Object.entries(policies)) {
    if (policy === 'owner' || policy === 'reader') continue;
    throw new TypeError(`options.accessPolicies['${objectId}'] must be 'owner' or 'reader': ${String(policy)}`);
  }
}
