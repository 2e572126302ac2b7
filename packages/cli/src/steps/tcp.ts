import { at, isPrivate } from '../target.ts';
import { failed, ok, remedy } from '../finding.ts';
import { codeOf } from '../io/network.ts';
import { type Finding, needed, type Remedy, type Step, type Visit } from '../types.ts';
import { firewallRemedy, hostNameRemedy, portRemedy, privateZoneRemedy, publicAccessRemedy } from '../words/network.ts';

export const tcp: Step = { id: 'tcp', title: 'TCP', exitCode: 11, run };

interface Attempt {
  readonly address: string;
  readonly code: string;
}

/** The addresses one after the other, so that each can be reported. */
async function run(visit: Visit): Promise<Finding> {
  const { target, io, options } = visit;
  const attempts: Attempt[] = [];
  for (const address of needed(visit.addresses, 'addresses')) {
    try {
      visit.socket = await io.network.connect(address, target.port, options.timeoutMs);
      visit.address = address;
      return ok(`Connected to ${at(address, target.port)}.`, {
        lines: attempts.map((attempt) => `Before that, ${at(attempt.address, target.port)} failed: ${attempt.code}.`),
        details: { address, port: target.port },
      });
    } catch (error) {
      attempts.push({ address, code: codeOf(error) });
    }
  }
  return explain(attempts, visit);
}

/** What says most about the network: an answer, even a refusal, more than silence. */
const telling = ['ECONNREFUSED', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'];

function explain(attempts: readonly Attempt[], visit: Visit): Finding {
  const code = telling.find((each) => attempts.some((attempt) => attempt.code === each)) ?? attempts[0]?.code ?? 'none';
  const where = attempts.map(({ address }) => at(address, visit.target.port)).join(' and ');
  const details = { code, addresses: attempts.map(({ address }) => address), port: visit.target.port };
  switch (code) {
    case 'ECONNREFUSED':
      return failed(
        'tcp-refused',
        `${where} answered, and refused: the way is open, and nothing listens on port ${visit.target.port}.`,
        {
          details,
          lines: ['A firewall or a missing private endpoint is unlikely: those usually give no answer at all.'],
          remedies: [portRemedy(visit.target), hostNameRemedy(visit.target)].slice(
            0,
            visit.target.product === 'this machine' ? 1 : 2,
          ),
        },
      );
    case 'ETIMEDOUT':
      return explainSilence(attempts, where, visit, details);
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return failed('tcp-no-route', `This machine has no route to ${where} (${code}).`, {
        details,
        remedies: [
          remedy(
            'Is the VPN up, the virtual network peered, the container given a network? An IPv6 address needs IPv6 here.',
          ),
          ...networkRemedies(attempts, visit),
        ],
      });
    case 'EACCES':
    case 'EPERM':
      return failed('tcp-forbidden', `This machine forbids connections to ${where} (${code}).`, {
        details,
        remedies: [remedy('A firewall or a security policy of this machine (or container) does that.')],
      });
    default:
      return failed('tcp-failed', `No connection to ${where}: ${code}.`, {
        details,
        remedies: [firewallRemedy(visit.target)],
      });
  }
}

function explainSilence(
  attempts: readonly Attempt[],
  where: string,
  visit: Visit,
  details: Finding['details'],
): Finding {
  const seconds = visit.options.timeoutMs / 1000;
  return failed('tcp-timeout', `${where} did not answer within ${seconds} s: packets are dropped on the way.`, {
    ...(details === undefined ? {} : { details }),
    lines: [
      'A firewall, or an endpoint that this network may not reach, looks like that. A wrong port on a reachable host is refused at once.',
    ],
    remedies: networkRemedies(attempts, visit),
  });
}

function networkRemedies(attempts: readonly Attempt[], { target, privateLink }: Visit): Remedy[] {
  if (attempts.some(({ address }) => isPrivate(address))) {
    return [
      remedy(
        'The address is private: only its own virtual network, and networks peered or connected with it by VPN or ExpressRoute, reach it. Run this where the application runs; an App Service needs virtual network integration.',
      ),
      firewallRemedy(target),
    ];
  }
  if (!target.product.startsWith('Azure')) return [firewallRemedy(target)];
  const own = [publicAccessRemedy(target), firewallRemedy(target)];
  return privateLink === true ? [privateZoneRemedy(target), ...own] : [...own, privateZoneRemedy(target)];
}
