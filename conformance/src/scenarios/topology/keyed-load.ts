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
  const check = async (args: readonly string[], expected: string): Promise<void> => {
    const reply = await session.command(...args).catch((error: unknown) => void errors.push(String(error)));
    if (reply !== undefined && reply !== expected) wrong.push(`${args.join(' ')}: ${String(reply)}`);
  };
  const loads = Array.from({ length: workers }, (_, worker) =>
    repeatUntilStopped(async (round) => {
      const key = `key:${worker}:${round}`;
      await Promise.all([check(['SET', key, key], 'OK'), check(['GET', key], key), check(['ECHO', key], key)]);
    }, pauseMs),
  );
  return {
    wrong,
    errors,
    stop: async () => (await Promise.all(loads.map((load) => load.stop()))).reduce((sum, rounds) => sum + rounds, 0),
  };
}
