import { ok } from '../finding.ts';
import type { Finding, Step, Visit } from '../types.ts';
import { explainCredentialError } from '../words/credential.ts';

export const credential: Step = { id: 'credential', title: 'Credential', exitCode: 13, run };

async function run(visit: Visit): Promise<Finding> {
  try {
    visit.answer = await visit.io.requestToken(AbortSignal.timeout(visit.options.credentialTimeoutMs));
  } catch (error) {
    return explainCredentialError(error, visit.options);
  }
  return ok(`${visit.answer.source} answered.`, { details: { source: visit.answer.source } });
}
