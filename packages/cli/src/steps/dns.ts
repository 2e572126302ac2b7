import { isIP } from 'node:net';
import { failed, ok, remedy, warning } from '../finding.ts';
import { codeOf } from '../io/network.ts';
import { isPrivate, type Target } from '../target.ts';
import type { Finding, Step, Visit } from '../types.ts';
import { hostNameRemedy, privateZoneOf, privateZoneRemedy } from '../words/network.ts';

export const dns: Step = { id: 'dns', title: 'DNS', exitCode: 10, run };

async function run(visit: Visit): Promise<Finding> {
  const { target, io, options } = visit;
  if (isIP(target.host) !== 0) {
    visit.addresses = [target.host];
    return ok(`${target.host} is an address: nothing to look up.`, { details: { addresses: [target.host] } });
  }
  try {
    visit.addresses = await io.network.lookup(target.host, options.timeoutMs);
  } catch (error) {
    return explainLookup(codeOf(error), target);
  }
  const aliases = target.product.startsWith('Azure') ? await io.network.aliases(target.host, options.timeoutMs) : [];
  visit.privateLink = aliases.some((alias) => alias.includes('privatelink'));
  return describe(visit.addresses, visit.privateLink, target);
}

function describe(addresses: readonly string[], privateLink: boolean, target: Target): Finding {
  const found = `${target.host} is ${addresses.join(', ')}`;
  const details = { addresses, privateLink };
  if (addresses.some(isPrivate)) return ok(`${found}, in a private network.`, { details });
  if (!privateLink) return ok(`${found}.`, { details });
  return warning(
    'dns-private-endpoint-bypassed',
    `${found}, a public address, though the cache has a private endpoint.`,
    {
      details,
      remedies: [
        remedy(
          `If this machine should use the private endpoint: link the private DNS zone ${privateZoneOf(target)} to its virtual network, or forward the zone to Azure DNS (168.63.129.16) if your own DNS server answers.`,
        ),
      ],
    },
  );
}

function explainLookup(code: string, target: Target): Finding {
  const details = { code };
  if (code === 'ENOTFOUND' || code === 'ENODATA') {
    const remedies = [hostNameRemedy(target), privateZoneRemedy(target)];
    return failed('dns-unknown-name', `No DNS server knows the name ${target.host}.`, { details, remedies });
  }
  return failed(
    'dns-no-answer',
    `The DNS server gave no answer for ${target.host} (${code}): this says nothing about the cache.`,
    {
      details,
      remedies: [
        remedy(
          'Check that this machine (or container) has a network, and which DNS servers it uses: a VPN or a virtual network may have changed them.',
        ),
        remedy('Try another name:', "node -e \"require('dns').lookup('login.microsoftonline.com', console.log)\""),
      ],
    },
  );
}
