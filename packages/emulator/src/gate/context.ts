import type { FaultList } from '../policy/faults.ts';
import type { Announcer } from '../policy/maintenance.ts';
import type { AuthPolicy } from '../policy/auth-policy.ts';
import type { TimelineRecorder } from '../timeline/timeline.ts';
import type { WireEntry } from '../types.ts';
import type { GateConnection } from './connection.ts';
import type { Rewrite } from './rewrite.ts';
import type { UpstreamAddress } from './upstream.ts';

/** What the connections of one gate share. */
export interface GateContext {
  readonly policy: AuthPolicy;
  readonly upstream: UpstreamAddress;
  readonly timeline: TimelineRecorder;
  /** Record every command and reply, or only connections, logins, expiries and faults. */
  readonly recordCommands: boolean;
  /** Shown with each entry of the timeline. */
  readonly node: string | undefined;
  readonly rewrite: Rewrite | undefined;
  /** Nobody has to log in. */
  readonly open: boolean;
  /** The gate answers CLIENT MAINT_NOTIFICATIONS. */
  readonly maintenanceNotifications: boolean;
  readonly announcer: Announcer;
  readonly faults: FaultList;
  readonly connections: Set<GateConnection>;
}

export function record(
  context: GateContext,
  connection: number,
  entry: Omit<WireEntry, 'at' | 'connection' | 'node'>,
): void {
  const { node, timeline } = context;
  timeline.add({ at: Date.now(), connection, ...(node !== undefined && { node }), ...entry });
}
