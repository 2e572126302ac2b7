import { isTyped, type Reply } from '../resp/reply.ts';
import type { Rewrite } from './rewrite.ts';

/** `ROLE` of a master with its replicas, or of a replica: https://redis.io/docs/latest/commands/role/. */
export function rewriteRole(reply: Reply, rewrite: Rewrite): Reply {
  if (!Array.isArray(reply)) return reply;
  const [role, second, third, ...rest] = reply as readonly Reply[];
  if (String(role) === 'master' && Array.isArray(third)) {
    return [role as Reply, second as Reply, third.map((replica: Reply) => rewriteReplica(replica, rewrite)), ...rest];
  }
  if (String(role) !== 'slave' || !Buffer.isBuffer(second) || typeof third !== 'number') return reply;
  const to = rewrite(String(second), third);
  return [role as Reply, to.host, to.port, ...rest];
}

function rewriteReplica(replica: Reply, rewrite: Rewrite): Reply {
  if (!Array.isArray(replica)) return replica;
  const [host, port, ...rest] = replica as readonly Reply[];
  if (!Buffer.isBuffer(host) || !Buffer.isBuffer(port)) return replica;
  const to = rewrite(String(host), Number(String(port)));
  return [to.host, String(to.port), ...rest];
}

/** `INFO`'s replication section: `slave0:ip=…,port=…` of a master, `master_host` and `master_port` of a replica. */
export function rewriteInfo(reply: Reply, rewrite: Rewrite): Reply {
  if (!Buffer.isBuffer(reply) && !(isTyped(reply) && reply.type === 'verbatim')) return reply;
  const text = Buffer.isBuffer(reply) ? reply.toString() : reply.text;
  const changed = text
    .replaceAll(/^(slave\d+:ip=)([^,\r\n]*),port=(\d+)/gm, (_all, before: string, host: string, port: string) => {
      const to = rewrite(host, Number(port));
      return `${before}${to.host},port=${to.port}`;
    })
    .replaceAll(/^master_host:(.*)\r\nmaster_port:(\d+)/gm, (_all, host: string, port: string) => {
      const to = rewrite(host, Number(port));
      return `master_host:${to.host}\r\nmaster_port:${to.port}`;
    });
  if (changed === text) return reply;
  return Buffer.isBuffer(reply) ? changed : { ...reply, text: changed };
}
