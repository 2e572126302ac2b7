import { createAuthPolicy } from '../policy/auth-policy.ts';
import { createTimeline, type TimelineRecorder } from '../timeline/timeline.ts';
import type { CacheOptions, CacheServer, WireTimeline } from '../types.ts';
import { ClusterMap } from './cluster-map.ts';
import { dataCommands } from './commands/table.ts';
import { Keyspace } from './keyspace.ts';
import { listen } from './listener.ts';
import { CacheNode, type CacheContext } from './node.ts';
import { PubSub } from './pubsub.ts';

/**
 * A fake Redis 7.0 that authenticates with tokens, on loopback and a free port unless told otherwise. Every connection is cut when
 * the token that it last authenticated with expires. Rejects when the port is taken.
 */
export async function startCache(options: CacheOptions): Promise<CacheServer> {
  const context = contextFrom(options);
  const node = new CacheNode({
    context,
    name: 'node-1',
    kind: 'data',
    commands: dataCommands,
    keyspace: new Keyspace(),
  });
  const { endpoint } = await listen(node, options.port ?? 0);
  return Object.assign(endpoint, { nodes: [endpoint] });
}

function contextFrom(options: CacheOptions): CacheContext {
  let connections = 0;
  const host = options.host ?? '127.0.0.1';
  return {
    policy: createAuthPolicy({ verifier: options.verifier }),
    timeline: recorderFrom(options.timeline),
    recordCommands: options.record !== 'logins',
    pubsub: new PubSub(),
    cluster: options.cluster === undefined ? undefined : new ClusterMap(),
    sentinels: undefined,
    highestResp: options.resp ?? 3,
    tls: options.tls,
    host,
    announceHost: options.cluster?.announceHost ?? host,
    denied: new Set((options.denied ?? []).map((name) => name.toLowerCase().replace(' ', '|'))),
    nextConnectionId: () => ++connections,
  };
}

function recorderFrom(timeline: WireTimeline | undefined): TimelineRecorder {
  if (timeline === undefined) return createTimeline();
  if (isRecorder(timeline)) return timeline;
  throw new TypeError('options.timeline must be the timeline of another cache or gate, or one from createTimeline()');
}

function isRecorder(timeline: WireTimeline): timeline is TimelineRecorder {
  return 'add' in timeline && typeof timeline.add === 'function';
}
