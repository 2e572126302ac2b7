import { failed, instant, remedy, spell } from '../finding.ts';
import type { Certificate } from '../io/network.ts';
import { at, type Target, usualPort } from '../target.ts';
import type { Details, DoctorOptions, Finding, Remedy } from '../types.ts';
import { portRemedy, privateZoneRemedy, publicAccessRemedy } from './network.ts';

/** The server answered in plain text what was meant to be TLS. */
export function explainPlainServer(target: Target): Finding {
  const remedies: Remedy[] = [];
  if (target.product === 'this machine') {
    remedies.push(remedy('Leave out --tls, or start a server that speaks TLS:', 'npx entra-redis emulate --tls'));
  } else {
    const usual = usualPort(target.product);
    remedies.push(
      remedy(
        usual === undefined || usual === target.port
          ? 'Enable TLS on the server (Azure Managed Redis: Advanced settings, Non-TLS access only must be off).'
          : `Use port ${usual}: ${target.port} is the port without TLS.`,
      ),
      remedy('A token must never travel in plain text, and Microsoft Entra authentication works over TLS alone.'),
    );
  }
  return failed(
    'tls-plain-text-server',
    `${at(target.host, target.port)} is a Redis that speaks plain text, not TLS.`,
    { remedies },
  );
}

export function explainPlainElsewhere({ host }: Target, address: string | undefined): Finding {
  return failed(
    'tls-needed',
    `${host} is ${address}, which is not this machine: the token would be sent to it in plain text.`,
    {
      remedies: [remedy('Leave out --plain-text.')],
    },
  );
}

/** The handshake ended without a certificate to look at. */
export function explainHandshake(code: string, target: Target, options: DoctorOptions): Finding {
  const where = at(target.host, target.port);
  const details = { code };
  if (code === 'ETIMEDOUT') return { ...silence(where, target, options), details };
  if (code === 'ECONNRESET' || code === 'EPIPE') return { ...closed(where, target), details };
  if (/ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/.test(code)) {
    return failed('tls-version', `${where} does not speak TLS 1.2 or newer (${code}).`, {
      details,
      remedies: [
        remedy('Azure speaks TLS 1.2 and 1.3: what answers here is something else, perhaps a proxy on the way.'),
      ],
    });
  }
  return failed('tls-not-tls', `${where} answered, but neither with TLS nor as a Redis (${code}).`, {
    details,
    remedies: [
      remedy('Another service listens on this port, or a proxy answers instead of the cache.'),
      portRemedy(target),
    ],
  });
}

function silence(where: string, target: Target, { timeoutMs }: DoctorOptions): Finding {
  return failed('tls-timeout', `${where} accepted the connection, and then sent nothing for ${spell(timeoutMs)}.`, {
    remedies: [
      remedy(
        'A proxy or load balancer that accepts connections for a server that it cannot reach looks like that; so does a port of another service.',
      ),
      portRemedy(target),
    ],
  });
}

function closed(where: string, target: Target): Finding {
  return failed('tls-closed', `${where} accepted the connection, and closed it during the TLS handshake.`, {
    remedies: [
      remedy(
        'A firewall that inspects connections does that, and a cache that accepts no connections from this address.',
      ),
      publicAccessRemedy(target),
      ...(target.product.startsWith('Azure') ? [privateZoneRemedy(target)] : []),
      portRemedy(target),
    ],
  });
}

/** The handshake worked; Node does not trust the certificate. Codes: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
export function explainCertificate(
  code: string,
  certificate: Certificate | undefined,
  target: Target,
  now: number,
): Finding {
  const details = { code, ...(certificate === undefined ? {} : certificateDetails(certificate)) };
  switch (code) {
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return { ...wrongName(certificate, target), details };
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return { ...wrongTime(certificate, now), details };
    default:
      return { ...wrongIssuer(code, certificate, target), details };
  }
}

export const certificateDetails = ({ subject, issuer, names, validTo }: Certificate): Details => ({
  subject,
  issuer,
  names,
  validTo: new Date(validTo).toISOString(),
});

function wrongIssuer(code: string, certificate: Certificate | undefined, target: Target): Finding {
  const remedies = untrusted(target);
  if (code === 'DEPTH_ZERO_SELF_SIGNED_CERT') {
    const found = `The certificate of ${target.host} is self-signed: anybody could have created it.`;
    return failed('tls-self-signed', found, { remedies });
  }
  const issuer = certificate?.issuer ?? 'somebody';
  const found = `The certificate of ${target.host} is issued by ${issuer}, which this machine does not trust (${code}).`;
  return failed('tls-untrusted', found, { remedies });
}

function wrongName(certificate: Certificate | undefined, { host, servername }: Target): Finding {
  const names = certificate?.names.map((name) => name.replace(/^(DNS|IP Address):/, '')) ?? [];
  const real = names.find((name) => !name.startsWith('*'));
  return failed(
    'tls-wrong-name',
    `The certificate is valid, but it is for ${names.join(', ') || certificate?.subject}, not for ${servername}.`,
    {
      remedies: [
        remedy(
          `Connect by a name of the certificate${real === undefined || real === servername ? '' : `: ${real}`}. An alias of your own (CNAME) or an IP address is not in it.`,
        ),
        remedy(
          `If ${host} is an address or alias of the same cache, verify against its real name; clients have the option servername for that:`,
          `npx entra-redis doctor … --servername ${real ?? 'NAME.REGION.redis.azure.net'}`,
        ),
        remedy(
          'If neither explains it, something on the way answers instead of the cache: do not turn verification off.',
        ),
      ],
    },
  );
}

function wrongTime(certificate: Certificate | undefined, now: number): Finding {
  if (certificate === undefined || now > certificate.validTo) {
    const when =
      certificate === undefined ? '' : ` on ${instant(certificate.validTo)}, ${spell(now - certificate.validTo)} ago`;
    return failed('tls-expired', `The certificate expired${when}.`, {
      remedies: [
        remedy(`Is the clock of this machine right? It says ${instant(now)}.`),
        remedy(
          'If it is, the operator of this server must renew its certificate; Azure does that automatically, so a proxy may answer in its place.',
        ),
      ],
    });
  }
  return failed(
    'tls-not-yet-valid',
    `The certificate is valid only from ${instant(certificate.validFrom)}: in ${spell(certificate.validFrom - now)}.`,
    {
      remedies: [remedy(`The clock of this machine says ${instant(now)}: it is probably slow.`)],
    },
  );
}

function untrusted({ product }: Target): Remedy[] {
  const own = remedy(
    'If it is your own authority (a test server, a proxy of the company that inspects TLS), give its certificate, for this command and for every Node.js program:',
    'export NODE_EXTRA_CA_CERTS=/path/to/authority.pem',
  );
  if (product === 'this machine') {
    return [
      remedy(
        'With the emulator: paste the exports that the running one has printed; its authority is new at every start.',
      ),
      own,
    ];
  }
  return [
    own,
    remedy(
      'The certificates of Azure are issued by public authorities that Node.js trusts: if nobody inspects TLS on the way, be suspicious. Do not turn verification off.',
    ),
  ];
}
