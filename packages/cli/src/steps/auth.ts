import { insist } from './ask.ts';
import { ok } from '../finding.ts';
import { type Finding, needed, type Step, type Visit } from '../types.ts';

/** https://redis.io/docs/latest/commands/auth/ */
export const auth: Step = { id: 'auth', title: 'AUTH', exitCode: 15, run };

async function run(visit: Visit): Promise<Finding> {
  const username = needed(visit.username, 'user name');
  await insist(visit, 'AUTH', username, needed(visit.answer, 'token').token.value);
  return ok(`The server accepts ${username} with this token.`);
}
