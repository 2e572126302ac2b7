/** The RESP codec of the emulator, for tools that speak to a server themselves. */
export { encodeCommand } from './encode.ts';
export { errorText, isTyped, type Reply, type TypedReply } from './reply.ts';
export { type DecodedReply, ReplyDecoder } from './reply-decoder.ts';
export { type RespLimits } from './limits.ts';
export { ProtocolError } from './limits.ts';
