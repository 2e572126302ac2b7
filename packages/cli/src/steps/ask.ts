import { errorText, type Reply } from '@entra-redis/emulator/resp';
import { NoReply } from '../io/resp-session.ts';
import { type Finding, needed, type Visit } from '../types.ts';
import { explainNoReply, explainReply } from '../words/server-errors.ts';

/** Ends a step early. */
export class Ended extends Error {
  override readonly name = 'Ended';
  readonly finding: Finding;

  constructor(finding: Finding) {
    super(finding.found);
    this.finding = finding;
  }
}

/** The reply, which may be an error of the server. @throws Ended when none comes */
export async function ask(visit: Visit, ...args: readonly [string, ...string[]]): Promise<Reply> {
  try {
    return await needed(visit.session, 'session').send(...args);
  } catch (error) {
    if (error instanceof NoReply) throw new Ended(explainNoReply(error, nameOf(args), visit));
    throw error;
  }
}

/** The reply. @throws Ended when none comes, or an error */
export async function insist(visit: Visit, ...args: readonly [string, ...string[]]): Promise<Reply> {
  const reply = await ask(visit, ...args);
  const text = errorText(reply);
  if (text !== undefined) throw new Ended(explainReply(nameOf(args), text, visit));
  return reply;
}

/** `ACL WHOAMI`, `SET`: never the arguments, which may be a token. */
function nameOf([name, sub]: readonly [string, ...string[]]): string {
  return name === 'ACL' || name === 'CLUSTER' || name === 'CLIENT' ? `${name} ${sub}` : name;
}
