import type { Context } from '../scenario.ts';
import { logins } from '../wire.ts';

/** The masters that have seen a login. */
export const nodesWithLogins = (context: Context): Set<string | undefined> =>
  new Set(logins(context.target.timeline).map(({ node }) => node));
