import { insist } from './ask.ts';
import { failed, ok } from '../finding.ts';
import { textOf } from '../io/resp-session.ts';
import type { Finding, Step, Visit } from '../types.ts';

const rounds = 5;

/** https://redis.io/docs/latest/commands/ping/ */
export const ping: Step = { id: 'ping', title: 'PING', exitCode: 17, run };

async function run(visit: Visit): Promise<Finding> {
  const took: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const startedAt = visit.io.now();
    const text = textOf(await insist(visit, 'PING'));
    if (text !== 'PONG')
      return failed('ping-wrong', `The server answered PING with something other than PONG: ${text}`);
    took.push(visit.io.now() - startedAt);
  }
  const best = Math.min(...took);
  return ok(`PONG, ${best < 1 ? 'in less than 1 ms' : `in ${Math.round(best)} ms at best of ${rounds}`}.`, {
    details: { roundTripMs: Math.round(best * 100) / 100 },
  });
}
