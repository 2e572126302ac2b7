import type { FaultList } from '../policy/faults.ts';
import type { Announcer, MaintainedConnection } from '../policy/maintenance.ts';
import type { AuthPolicy } from '../policy/auth-policy.ts';
import type { TimelineRecorder } from '../timeline/timeline.ts';
import type { ConnectionState, WireEntry } from '../types.ts';
import type { ReaderRules } from './reader-rules.ts';
import type { Rewrite } from './rewrite.ts';
import type { UpstreamAddress } from './upstream.ts';

/** A live connection, as the gate itself sees it. */
export interface ConnectionOfGate {
  readonly id: number;
  readonly state: ConnectionState;
  maintained(address: { readonly host: string; readonly port: number }): MaintainedConnection;
  close(reason: string): void;
}

/** What the connections of one gate share. */
export interface GateContext {
  readonly policy: AuthPolicy;
  readonly upstream: UpstreamAddress;
  readonly timeline: TimelineRecorder;
  /** Record every command and reply, or only connections, logins, expiries and faults. */
  readonly recordCommands: boolean;
  /** Shown with each entry of the timeline. */
  readonly node: string | undefined;
  /** What identities that may only read are refused. */
  readonly readerRules: ReaderRules;
  readonly rewrite: Rewrite | undefined;
  /** Nobody has to log in. */
  readonly open: boolean;
  /** The gate answers CLIENT MAINT_NOTIFICATIONS. */
  readonly maintenanceNotifications: boolean;
  readonly announcer: Announcer;
  readonly faults: FaultList;
  readonly connections: Set<ConnectionOfGate>;
}

export function record(
  context: GateContext,
  connection: number,
  entry: Omit<WireEntry, 'at' | 'connection' | 'node'>,
): void {
  const { node, timeline } = context;
  timeline.add({ at: Date.now(), connection, ...(node !== undefined && { node }), ...entry });
}
