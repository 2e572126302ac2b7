import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import type { TlsIdentity } from '@entra-redis/emulator';
import {
  BasicConstraintsExtension,
  cryptoProvider,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const dayMs = 86_400_000;

export interface Faulty {
  /** Days from now. */
  readonly from?: number;
  readonly to?: number;
  /** No authority: the certificate signs itself. */
  readonly selfSigned?: boolean;
}

/** Certificates that no emulator would give out: expired, of the future, self-signed. */
export async function faultyIdentity(
  host: string,
  { from = -10, to = 10, selfSigned = false }: Faulty,
): Promise<TlsIdentity> {
  cryptoProvider.set(webcrypto);
  const [root, own] = await Promise.all([keys(), keys()]);
  const authority = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=Test authority',
    notBefore: new Date(Date.now() - 100 * dayMs),
    notAfter: new Date(Date.now() + 100 * dayMs),
    keys: root,
    signingAlgorithm: algorithm,
    extensions: [new BasicConstraintsExtension(true, 0, true)],
  });
  const certificate = await X509CertificateGenerator.create({
    serialNumber: '02',
    subject: `CN=${host}`,
    issuer: selfSigned ? `CN=${host}` : authority.subject,
    notBefore: new Date(Date.now() + from * dayMs),
    notAfter: new Date(Date.now() + to * dayMs),
    publicKey: own.publicKey,
    signingKey: selfSigned ? own.privateKey : root.privateKey,
    signingAlgorithm: algorithm,
    extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: host }])],
  });
  return { key: await pem(own.privateKey), cert: certificate.toString('pem'), ca: authority.toString('pem') };
}

const keys = (): Promise<webcrypto.CryptoKeyPair> => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);

async function pem(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${der}\n-----END PRIVATE KEY-----\n`;
}
