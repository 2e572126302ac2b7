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
      return `+${hideEchoes(reply.text).slice(0, 64)}`;
    case 'error':
    case 'blob-error':
      return `-${hideEchoes(reply.text).slice(0, 128)}`;
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

/** Errors and MONITOR lines quote what the client sent, which may be a token. */
function hideEchoes(text: string): string {
  return text.replaceAll(/(['"])[^'"]{24,}\1?/g, '$1…$1').replaceAll(/eyJ[\w-]{6,}\S*/g, '…');
}
