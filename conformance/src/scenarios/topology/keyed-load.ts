import type { Session } from '../../driver/driver.ts';
import { repeatUntilStopped } from '../steps.ts';

const workers = 4;
const pauseMs = 20;

export interface KeyedLoad {
  /** Replies that belong to another command. */
  readonly wrong: readonly string[];
  /** Commands that were rejected. */
  readonly errors: readonly string[];
  /** Resolves when every command has settled, with how many rounds there were. */
  stop(): Promise<number>;
}

/** Keys written and read back by several callers at once. A value is its key, so that a reply in another's place shows. */
export function startKeyedLoad(session: Session): KeyedLoad {
  const [wrong, errors]: [string[], string[]] = [[], []];
  const ask = (...args: readonly string[]): Promise<unknown> =>
    session.command(...args).catch((error: unknown) => void errors.push(String(error)));
  const check = (what: string, reply: unknown, ...expected: readonly unknown[]): void => {
    if (reply !== undefined && !expected.includes(reply)) wrong.push(`${what}: ${String(reply)}`);
  };
  const loads = Array.from({ length: workers }, (_, worker) =>
    repeatUntilStopped(async (round) => {
      const key = `key:${worker}:${round}`;
      const [set, get, echo] = await Promise.all([ask('SET', key, key), ask('GET', key), ask('ECHO', key)]);
      check(`SET ${key}`, set, 'OK');
      // After a SET that was rejected there is nothing to read.
      check(`GET ${key}`, get, key, ...(set === undefined ? [null] : []));
      check(`ECHO ${key}`, echo, key);
    }, pauseMs),
  );
  return {
    wrong,
    errors,
    stop: async () => (await Promise.all(loads.map((load) => load.stop()))).reduce((sum, rounds) => sum + rounds, 0),
  };
}
