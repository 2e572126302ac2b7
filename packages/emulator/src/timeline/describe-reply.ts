import { isTyped, type Reply } from '../resp/reply.ts';

/** A reply in a few characters; content is left out, as it may be anything. */
export function describeReply(reply: Reply): string {
  if (reply === null) return 'null';
  if (typeof reply === 'number' || typeof reply === 'bigint') return `:${reply}`;
  if (typeof reply === 'string') return `$${Buffer.byteLength(reply)}`;
  if (Buffer.isBuffer(reply)) return `$${reply.length}`;
  if (!isTyped(reply)) return `*${reply.length}`;
  switch (reply.type) {
    case 'simple':
      // Longer ones are lines of MONITOR, which show what others sent.
      return reply.text.length > 16 ? '+…' : `+${reply.text}`;
    case 'error':
    case 'blob-error':
      return `-${hideQuoted(reply.text).slice(0, 128)}`;
    case 'map':
      return `%${reply.entries.length}`;
    case 'set':
      return `~${reply.items.length}`;
    case 'push':
      return `>${typeof reply.items[0] === 'string' ? reply.items[0] : ''} ${reply.items.length}`;
    default:
      return reply.type;
  }
}

/** Errors quote what the client sent, which may be a token: only what looks like the name of a command stays. */
function hideQuoted(text: string): string {
  return text
    .split("'")
    .map((part, index) => (index % 2 === 1 && !/^[a-z|-]{1,20}$/.test(part) ? '…' : part))
    .join("'");
}
