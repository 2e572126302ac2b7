/**
 * Planned maintenance, of which Redis Enterprise tells the connections that asked by `CLIENT MAINT_NOTIFICATIONS ON` in RESP3: pushes MOVING,
 * MIGRATING, MIGRATED, FAILING_OVER, FAILED_OVER. Nothing but `moving` does anything beside: after `timeSeconds` every connection that was
 * there is cut, told or not.
 */
export type Maintenance =
  /** `to`: the new address; default: the one that the client has. */
  | {
      readonly kind: 'moving';
      readonly timeSeconds: number;
      readonly to?: { readonly host: string; readonly port: number };
    }
  | {
      readonly kind: 'migrating' | 'failing-over';
      readonly timeSeconds: number;
      readonly shards?: readonly string[];
    }
  | { readonly kind: 'migrated' | 'failed-over'; readonly shards?: readonly string[] };
