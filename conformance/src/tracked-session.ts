import type { Session } from './driver.ts';

/** A failed case leaves commands behind that reject when its clients are closed: nobody waits for them any more. */
function handled<T>(result: Promise<T>): Promise<T> {
  result.catch(() => undefined);
  return result;
}

/** A driver's session as a scenario gets it: the suite learns of its duplicates, to end them. */
export function trackedSession(session: Session, track: (session: Session) => Session): Session {
  return {
    ready: () => handled(session.ready()),
    command: (...args) => handled(session.command(...args)),
    pipeline: (commands) => handled(session.pipeline(commands)),
    transaction: (commands) => handled(session.transaction(commands)),
    subscribe: (...args) => handled(session.subscribe(...args)),
    unsubscribe: (...args) => handled(session.unsubscribe(...args)),
    ...(session.begin === undefined
      ? {}
      : { begin: () => handled((session.begin as NonNullable<Session['begin']>)()) }),
    ...(session.monitor === undefined
      ? {}
      : {
          monitor: (onLine: (line: string) => void) =>
            handled((session.monitor as NonNullable<Session['monitor']>)(onLine)),
        }),
    duplicate: async () => track(await session.duplicate()),
    connected: () => session.connected(),
    get errors() {
      return session.errors;
    },
    describe: () => session.describe(),
    close: (way) => session.close(way),
  };
}
