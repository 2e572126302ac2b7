import { at } from '../target.ts';
import { failed, remedy } from '../finding.ts';
import { NoReply } from '../io/resp-session.ts';
import type { Finding, Remedy, Visit } from '../types.ts';
import { assignmentRemedies, guardRemedy, permissionRemedies } from './access-policy.ts';
import { portRemedy } from './network.ts';

/** What an error reply of the server to `command` means. */
export function explainReply(command: string, text: string, visit: Visit): Finding {
  const code = /^[A-Z]+/.exec(text)?.[0] ?? 'ERR';
  const lines = [`The server said: ${text}`];
  const who = loginName(visit);
  switch (code) {
    case 'WRONGPASS':
      return failed(
        'wrongpass',
        `The server refused the login of ${who} (WRONGPASS): the cache has no access policy for this id, or does not accept the token.`,
        {
          lines,
          remedies: assignmentRemedies(visit),
        },
      );
    case 'NOPERM':
      return failed(
        'noperm',
        `The access policy of ${who} does not allow ${command}${/key/i.test(text) ? ' on this key' : ''} (NOPERM).`,
        {
          lines,
          remedies: permissionRemedies(visit),
        },
      );
    case 'NOAUTH':
      return failed('noauth', 'The server no longer counts the connection as logged in (NOAUTH).', {
        lines,
        remedies: [
          remedy('Was the access policy assignment removed just now, or access changed? Then run this again.'),
        ],
      });
    default:
      return failed(problemOf(code, text), `The server answered ${command} with an error.`, {
        lines,
        remedies: otherRemedies(code, text, visit),
      });
  }
}

/** `object id …`, unless --username says something else. */
function loginName({ username, claims }: Visit): string {
  return `${username === claims?.objectId ? 'object id' : 'user name'} ${username}`;
}

const problemOf = (code: string, text: string): string =>
  /max number of clients/i.test(text) ? 'too-many-clients' : code === 'ERR' ? 'server-error' : code.toLowerCase();

function otherRemedies(code: string, text: string, { target }: Visit): Remedy[] {
  if (/max number of clients/i.test(text)) {
    return [remedy('Look for connections that are never closed (metric Connected Clients), or choose a larger size.')];
  }
  if (/no password|without any password/i.test(text)) {
    return [
      remedy(
        `${at(target.host, target.port)} requires no login, so it is not the cache; or Microsoft Entra authentication is off.`,
      ),
      ...(target.product === 'this machine' ? [guardRemedy] : []),
    ];
  }
  switch (code) {
    case 'LOADING':
    case 'MASTERDOWN':
    case 'CLUSTERDOWN':
    case 'TRYAGAIN':
    case 'BUSY':
      return [
        remedy(
          'The server is starting, failing over or busy: run this again in a minute, and if this continues, look at the Resource health of the cache.',
        ),
      ];
    case 'OOM':
      return [
        remedy(
          'The cache is full (metric Used Memory Percentage): choose a larger size, an eviction policy, or expiry for keys.',
        ),
      ];
    case 'READONLY':
      return [remedy('This is a replica, or a geo-replication secondary: connect to the primary.')];
    default:
      return [remedy('Look the message up in the documentation of the server; Azure blocks some commands.')];
  }
}

/** No reply came to `command`. */
export function explainNoReply({ code }: NoReply, command: string, visit: Visit): Finding {
  const where = at(visit.target.host, visit.target.port);
  switch (code) {
    case 'timeout':
      return failed('no-reply', `${where} gave no reply to ${command} within ${visit.options.timeoutMs / 1000} s.`, {
        remedies: [
          remedy(
            'A busy server, or a proxy that lost it: run this again, with more time.',
            'npx entra-redis doctor … --timeout 30',
          ),
        ],
      });
    case 'not-redis':
      return failed('not-redis', `The answer of ${where} to ${command} is not from Redis.`, {
        remedies: [
          remedy('Another service listens on this port.'),
          ...(visit.target.product === 'this machine' ? [] : [portRemedy(visit.target)]),
        ],
      });
    default:
      return failed('closed', `${where} closed the connection at ${command}.`, {
        remedies: [
          ...plainTextRemedies(visit),
          remedy('A fail-over or an update of the cache closes connections: run this again.'),
          remedy(
            'If it happens every time: the cache accepts no connections from this address (Networking), its limit of clients is reached, or a firewall closes the connection.',
          ),
        ],
      });
  }
}

function plainTextRemedies({ target }: Visit): Remedy[] {
  return target.transport === 'plain text' ? [remedy('It may speak TLS: leave out --plain-text.')] : [];
}
