// @peculiar/x509 wants it loaded first.
import 'reflect-metadata';
import { randomUUID, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import {
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { TlsIdentity } from '../types.ts';

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
/** Slower to make; MSAL takes no other key for a client's certificate. */
const rsa = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
};
const hourMs = 3_600_000;

export interface CertificateAuthority {
  /** PEM of the authority's own certificate: what clients trust. */
  readonly ca: string;
  /** A server certificate for exactly these host names and IP addresses. */
  issue(hosts: readonly string[], keyType?: 'EC' | 'RSA'): Promise<TlsIdentity>;
}

/** A certificate authority whose key never leaves the process. */
export async function createCertificateAuthority(): Promise<CertificateAuthority> {
  cryptoProvider.set(webcrypto);
  const keys = await generateKeys('EC');
  const authority = await X509CertificateGenerator.createSelfSigned({
    ...validity(),
    serialNumber: '01',
    // A name of its own: where one file holds several authorities, it distinguishes them.
    name: `CN=entra-redis emulator ${randomUUID()}`,
    keys,
    signingAlgorithm: ecdsa,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  const ca = authority.toString('pem');
  let serial = 1;
  const issue: CertificateAuthority['issue'] = async (hosts, keyType = 'EC') => {
    serial += 1;
    const own = await generateKeys(keyType);
    const cert = await sign(own.publicKey, hosts, serial, authority, keys.privateKey);
    return { key: await toPem(own.privateKey), cert, ca };
  };
  return { ca, issue };
}

let ofProcess: Promise<TlsIdentity> | undefined;

/** One for every Entra of the process: to make one takes 20 ms of a core. */
export function processIdentity(): Promise<TlsIdentity> {
  ofProcess ??= createCertificateAuthority().then((authority) => authority.issue(['localhost', '127.0.0.1']));
  return ofProcess;
}

async function sign(
  publicKey: webcrypto.CryptoKey,
  hosts: readonly string[],
  serial: number,
  authority: X509Certificate,
  signingKey: webcrypto.CryptoKey,
): Promise<string> {
  const certificate = await X509CertificateGenerator.create({
    ...validity(),
    serialNumber: serial.toString(16).padStart(4, '0'),
    subject: `CN=${hosts[0] ?? 'localhost'}`,
    issuer: authority.subject,
    publicKey,
    signingKey,
    signingAlgorithm: ecdsa,
    extensions: [
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(hosts.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value }))),
    ],
  });
  return certificate.toString('pem');
}

const generateKeys = (type: 'EC' | 'RSA'): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(type === 'EC' ? ecdsa : rsa, true, ['sign', 'verify']);

/** A year: longer than an emulator runs, and short enough for macOS, which refuses what is valid for more than 825 days. */
const validity = (): { notBefore: Date; notAfter: Date } => ({
  notBefore: new Date(Date.now() - hourMs),
  notAfter: new Date(Date.now() + 365 * 24 * hourMs),
});

async function toPem(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${der.replace(/.{64}/g, '$&\n').trimEnd()}\n-----END PRIVATE KEY-----\n`;
}
