import type { Reply } from '@entra-redis/emulator/resp';
import { textOf } from './resp-session.ts';

export interface ClusterNode {
  readonly host: string;
  readonly port: number;
  readonly role: 'master' | 'replica';
}

export interface ClusterView {
  readonly nodes: readonly ClusterNode[];
  readonly slots: number;
}

export const allSlots = 16_384;

/**
 * The reply of CLUSTER SLOTS, each node once: a node without an address of its own is reached by the name one has
 * connected to. Source: https://redis.io/docs/latest/commands/cluster-slots/
 */
export function readClusterSlots(reply: Reply, connectedTo: string): ClusterView {
  const nodes = new Map<string, ClusterNode>();
  let slots = 0;
  for (const range of Array.isArray(reply) ? (reply as readonly Reply[]) : []) {
    if (!Array.isArray(range)) continue;
    const [from, to, ...members] = range as readonly Reply[];
    if (typeof from === 'number' && typeof to === 'number') slots += to - from + 1;
    for (const [index, member] of members.entries()) {
      const node = readNode(member, index === 0 ? 'master' : 'replica', connectedTo);
      if (node !== undefined) nodes.set(`${node.host}:${node.port}`, node);
    }
  }
  return { nodes: [...nodes.values()], slots };
}

function readNode(member: Reply, role: ClusterNode['role'], connectedTo: string): ClusterNode | undefined {
  if (!Array.isArray(member)) return undefined;
  const [address, port] = member as readonly Reply[];
  const host = textOf(address) ?? '';
  return typeof port === 'number' ? { host: host === '' || host === '?' ? connectedTo : host, port, role } : undefined;
}
