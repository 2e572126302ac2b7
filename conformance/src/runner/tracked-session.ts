import type { Session } from '../driver/driver.ts';
import type { UnsettledCalls } from './unsettled-calls.ts';

/** A driver's session as a scenario gets it: the suite learns of its duplicates, to end them, and of what does not settle. */
export function trackedSession(
  session: Session,
  calls: UnsettledCalls,
  onDuplicate: (session: Session) => Session,
): Session {
  return {
    ready: () => calls.track(session.ready(), 'ready'),
    command: (...args) => calls.track(session.command(...args), ...args),
    pipeline: (commands) => calls.track(session.pipeline(commands), 'pipeline of', ...commands.flat()),
    transaction: (commands) => calls.track(session.transaction(commands), 'transaction of', ...commands.flat()),
    subscribe: (channel, ...rest) => calls.track(session.subscribe(channel, ...rest), 'subscribe', channel),
    unsubscribe: (channel, kind) => calls.track(session.unsubscribe(channel, kind), 'unsubscribe', channel),
    ...(session.begin && { begin: () => calls.track(session.begin?.() ?? Promise.resolve(), 'begin') }),
    ...(session.monitor && {
      monitor: (onLine: (line: string) => void) =>
        calls.track(session.monitor?.(onLine) ?? Promise.resolve(), 'monitor'),
    }),
    ...(session.moveTo && {
      moveTo: (host: string, port: number) =>
        calls.track(session.moveTo?.(host, port) ?? Promise.resolve(), 'moveTo', host, String(port)),
    }),
    duplicate: async () => onDuplicate(await calls.track(session.duplicate(), 'duplicate')),
    connected: () => calls.track(session.connected(), 'connected'),
    get errors() {
      return session.errors;
    },
    describe: () => calls.track(session.describe(), 'describe'),
    close: (way) => calls.track(session.close(way), 'close'),
  };
}
