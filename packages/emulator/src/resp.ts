/** The RESP codec of the emulator, for tools that speak to a server themselves. */
export { encodeCommand } from './resp/encode.ts';
export { errorText, isTyped, type Reply, type TypedReply } from './resp/reply.ts';
export { type DecodedReply, ReplyDecoder } from './resp/reply-decoder.ts';
export { type RespLimits } from './resp/limits.ts';
export { ProtocolError } from './resp/protocol-error.ts';
