import { errorText } from '@entra-redis/emulator/resp';
import { ask } from './ask.ts';
import { ok, remedy, warning } from '../finding.ts';
import { fieldsOf, textOf } from '../io/resp-session.ts';
import type { Finding, Step, Visit } from '../types.ts';

/** https://redis.io/docs/latest/commands/hello/ */
export const resp3: Step = { id: 'resp3', title: 'RESP3', exitCode: 20, run };

async function run(visit: Visit): Promise<Finding> {
  const reply = await ask(visit, 'HELLO', '3');
  const refused = errorText(reply);
  if (refused !== undefined) {
    return warning('resp2-only', 'The server speaks RESP2 only: a subscriber cannot log in again on its connection.', {
      lines: [`The server said: ${refused}`],
      remedies: [
        remedy(
          'Set your client to RESP2. The adapters of entra-redis hand subscribers over to a new connection before their token expires: see "RESP2 subscribers" in their documentation.',
        ),
      ],
    });
  }
  const fields = fieldsOf(reply);
  const [server, version, mode] = ['server', 'version', 'mode'].map((name) => textOf(fields.get(name)) ?? 'unknown');
  return ok(`RESP3 works: ${server} ${version}, ${mode}. Subscribers can log in again in place.`, {
    details: { server: server ?? '', version: version ?? '', mode: mode ?? '', protocol: 3 },
  });
}
