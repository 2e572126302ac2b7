import { errorText } from '@entra-redis/emulator/resp';
import { ask, insist } from './ask.ts';
import { instant, ok } from '../finding.ts';
import { explainCredentialError } from '../words/credential.ts';
import { type Finding, needed, type Step, type Visit } from '../types.ts';

/** What keeps a connection alive beyond its token: https://learn.microsoft.com/azure/redis/entra-for-authentication */
export const reAuth: Step = { id: 're-auth', title: 'Re-AUTH', exitCode: 21, run };

async function run(visit: Visit): Promise<Finding> {
  const before = await connectionId(visit);
  try {
    visit.answer = await visit.io.requestToken(AbortSignal.timeout(visit.options.credentialTimeoutMs));
  } catch (error) {
    return explainCredentialError(error, visit.options);
  }
  const { value, expiresAt } = visit.answer.token;
  await insist(visit, 'AUTH', needed(visit.username, 'user name'), value);
  await insist(visit, 'PING');
  const after = await connectionId(visit);
  const same = before !== undefined && before === after ? ` (CLIENT ID ${after} as before)` : '';
  return ok(`A second AUTH on the open connection is accepted${same}.`, {
    lines: [
      `The server closes the connection at ${instant(expiresAt)}, unless it logs in again with a newer token before that.`,
    ],
    details: { expiresAt: new Date(expiresAt).toISOString(), sameConnection: same !== '' },
  });
}

/** Not every server tells. */
async function connectionId(visit: Visit): Promise<string | undefined> {
  const reply = await ask(visit, 'CLIENT', 'ID');
  return errorText(reply) === undefined && (typeof reply === 'number' || typeof reply === 'bigint')
    ? String(reply)
    : undefined;
}
