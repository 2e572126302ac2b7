import { errorText } from '@entra-redis/emulator/resp';
import { ask } from './ask.ts';
import { ok, remedy, warning } from '../finding.ts';
import { textOf } from '../io/resp-session.ts';
import type { Finding, Step, Visit } from '../types.ts';

/** https://redis.io/docs/latest/commands/acl-whoami/ */
export const whoami: Step = { id: 'whoami', title: 'ACL WHOAMI', exitCode: 16, run };

async function run(visit: Visit): Promise<Finding> {
  const reply = await ask(visit, 'ACL', 'WHOAMI');
  const refused = errorText(reply);
  if (refused !== undefined) {
    return ok('The server does not say, which is harmless.', { lines: [`It said: ${refused}`] });
  }
  const user = textOf(reply) ?? 'nobody';
  const details = { user };
  if (user === visit.username) return ok(`The connection is logged in as ${user}.`, { details });
  if (user !== 'default')
    return ok(`The connection is logged in as ${user}: the server's own name for this identity.`, { details });
  return warning('whoami-default', 'The server calls the connection default, so it may have ignored the login.', {
    details,
    remedies: [
      remedy(
        'That is as it should be behind a proxy that checks logins itself (the gate of the emulator). On Azure, check that the login did not use an access key.',
      ),
    ],
  });
}
