import { type Args, keyOf } from './args.ts';
import { keysOf } from './command.ts';
import type { CacheNode, Command, Session, Shard } from './model.ts';
import { slotOf } from './slots.ts';

/** The error that sends a client elsewhere, or undefined when this node serves the command. */
export function redirect(session: Session, command: Command, args: Args): string | undefined {
  const { node } = session;
  const { asking } = session;
  if (command.name !== 'asking') session.asking = false;
  const { cluster } = node.context;
  if (cluster === undefined || node.kind === 'sentinel') return undefined;
  const keys = redirectedKeys(session, command, args);
  const [first] = keys;
  if (first === undefined) return undefined;
  const slot = slotOf(first);
  if (keys.some((key) => slotOf(key) !== slot)) {
    return "CROSSSLOT Keys in request don't hash to the same slot";
  }
  const owner = cluster.owner(slot);
  if (owner === undefined) return 'CLUSTERDOWN Hash slot not served';
  const target = cluster.migrating.get(slot);
  if (owner === node.shard) {
    if (node.role === 'slave' && !replicaServes(session, command)) return `MOVED ${slot} ${address(owner.master)}`;
    return target && duringMigration(session, keys, slot, target);
  }
  if (target === node.shard && asking) return undefined;
  return `MOVED ${slot} ${address(owner.master)}`;
}

/** EXEC is redirected by the keys of everything that was queued. */
function redirectedKeys(session: Session, command: Command, args: Args): Buffer[] {
  if (command.name === 'exec' && session.transaction !== undefined) {
    return session.transaction.queue.flatMap((queued) => keysOf(queued.command, queued.args));
  }
  return keysOf(command, args);
}

/** The source of a migration answers for the keys that it still has. */
function duringMigration(session: Session, keys: readonly Buffer[], slot: number, target: Shard): string | undefined {
  const present = keys.filter((key) => session.database.get(keyOf(key)) !== undefined).length;
  if (present === keys.length) return undefined;
  if (present > 0) return 'TRYAGAIN Multiple keys request during rehashing of slot';
  return `ASK ${slot} ${address(target.master)}`;
}

function address(node: CacheNode): string {
  return `${node.host}:${node.port}`;
}

/** A replica serves reads, and shard channels, after READONLY. */
function replicaServes(session: Session, command: Command): boolean {
  return session.readOnly && (command.flags.has('readonly') || command.flags.has('pubsub'));
}
