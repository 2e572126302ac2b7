import * as fc from 'fast-check';
import { encodeCommand, encodeReply } from '../../src/resp/encode.ts';
import type { Reply } from '../../src/resp/reply.ts';

/** Bytes that mean something to a parser come more often than others. */
const byte = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...Buffer.from('*$+-:_#,(=!%~>|\r\n0123456789 "\'\\x?')) },
  { weight: 1, arbitrary: fc.nat({ max: 255 }) },
);
export const noise: fc.Arbitrary<Buffer> = fc.array(byte, { maxLength: 24 }).map((bytes) => Buffer.from(bytes));

const argument = fc.oneof(
  fc.constantFrom('GET', 'AUTH', 'HELLO', '3', '', '\r\n', '$3\r\n').map((word) => Buffer.from(word)),
  fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
);

export const requestArgs: fc.Arbitrary<Buffer[]> = fc.array(argument, { minLength: 1, maxLength: 5 });
const request = requestArgs.map((args) => encodeCommand(args));

const { reply } = fc.letrec<{ reply: Reply }>((tie) => ({
  reply: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant(null),
    fc.integer(),
    fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
    fc.constantFrom<Reply>({ type: 'simple', text: 'OK' }, { type: 'error', text: 'ERR x' }, { type: 'null-array' }),
    fc.double().map((value): Reply => ({ type: 'double', value })),
    fc.array(tie('reply'), { maxLength: 3 }),
    fc.array(tie('reply'), { maxLength: 3 }).map((items): Reply => ({ type: 'push', items })),
    fc
      .array(fc.tuple(tie('reply'), tie('reply')), { maxLength: 2 })
      .map((entries): Reply => ({ type: 'map', entries })),
  ),
}));
export const replies: fc.Arbitrary<Reply> = reply;

interface Mutation {
  readonly at: number;
  readonly kind: 'replace' | 'insert' | 'delete' | 'cut' | 'repeat';
  readonly byte: number;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat({ max: 1000 }),
  kind: fc.constantFrom('replace', 'insert', 'delete', 'cut', 'repeat'),
  byte,
});

function mutate(frame: Buffer, { at, kind, byte: value }: Mutation): Buffer {
  if (frame.length === 0) return frame;
  const index = at % frame.length;
  const [before, rest] = [frame.subarray(0, index), frame.subarray(index)];
  switch (kind) {
    case 'replace':
      return Buffer.concat([before, Buffer.from([value]), rest.subarray(1)]);
    case 'insert':
      return Buffer.concat([before, Buffer.from([value]), rest]);
    case 'delete':
      return Buffer.concat([before, rest.subarray(1)]);
    case 'cut':
      return Buffer.from(before);
    case 'repeat':
      return Buffer.concat([before, rest, rest]);
  }
}

function mutated(frame: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> {
  return fc.tuple(frame, fc.array(mutation, { maxLength: 3 })).map(([bytes, all]) => all.reduce(mutate, bytes));
}

/** Requests, whole and damaged, with noise between them. */
export const requestFrames: fc.Arbitrary<Buffer> = fc.oneof(noise, request, mutated(request));
/** Replies of both versions, whole and damaged, with noise between them. */
export const replyFrames: fc.Arbitrary<Buffer> = fc
  .tuple(replies, fc.constantFrom(2 as const, 3 as const))
  .map(([one, resp]) => encodeReply(one, resp))
  .chain((frame) => fc.oneof(noise, fc.constant(frame), mutated(fc.constant(frame))));
