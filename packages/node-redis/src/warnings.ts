/** `process.on('warning')`: what works, but not for long. */
export function warn(code: 'ENTRA_REDIS_MAINT_NOTIFICATIONS' | 'ENTRA_REDIS_RESP2', message: string): void {
  process.emitWarning(message, { type: 'EntraRedisWarning', code });
}
