import { describeReply } from '../timeline/describe-reply.ts';
import type { Reply } from '../resp/reply.ts';
import { ReplyDecoder } from '../resp/reply-decoder.ts';
import { RequestParser } from '../resp/request-parser.ts';
import { showArgs } from '../timeline/secrets.ts';
import type { WireEntry } from '../types.ts';
import type { GateContext } from './context.ts';
import { kindOf } from './reply-state.ts';

type Happening = Pick<WireEntry, 'event' | 'args' | 'text'>;

/** What stands in whole frames. */
export type RunReader = (bytes: Buffer) => Happening[];

/** Average bytes of a frame up to which it costs less to keep it than to describe it. */
const smallFrame = 256;

/** Records a run of frames: small ones as they are, to be read when somebody looks at the timeline. */
export function recordRun(
  context: GateContext,
  connection: number,
  run: { readonly read: RunReader; readonly bytes: Buffer; readonly count: number },
): void {
  const { node, timeline } = context;
  const common = { at: Date.now(), connection, ...(node !== undefined && { node }) };
  const entriesOf = (bytes: Buffer): WireEntry[] => run.read(bytes).map((happening) => ({ ...common, ...happening }));
  const { bytes, count } = run;
  if (bytes.length > count * smallFrame) {
    for (const entry of entriesOf(bytes)) timeline.add(entry);
    return;
  }
  // A few bytes must not keep a large chunk alive.
  const kept = bytes.length * 2 < bytes.buffer.byteLength ? Buffer.from(bytes) : bytes;
  timeline.addLate({ count, read: () => entriesOf(kept) });
}

export function commandsIn(bytes: Buffer): Happening[] {
  const parser = new RequestParser();
  parser.authenticated = true;
  parser.push(bytes);
  const found: Happening[] = [];
  for (let next = parser.next(); next !== undefined; next = parser.next()) {
    found.push({ event: 'command', args: showArgs(next.args) });
  }
  return found;
}

export function repliesIn(bytes: Buffer): Happening[] {
  const decoder = new ReplyDecoder();
  decoder.push(bytes);
  const found: Happening[] = [];
  for (let next = decoder.next(); next !== undefined; next = decoder.next()) {
    found.push({ event: 'reply', text: describe('reply', next.reply) });
  }
  return found;
}

/** The server chooses the first word of a push; that of a reply may be anything. */
export function describe(event: 'reply' | 'push', reply: Reply): string {
  return (event === 'push' ? kindOf(reply) : undefined) ?? describeReply(reply);
}
