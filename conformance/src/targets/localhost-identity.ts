import { createCertificateAuthority, type TlsIdentity } from '@entra-redis/emulator';

let identity: Promise<TlsIdentity> | undefined;

/** What targets that speak TLS show, by name only. One for the process: to make one takes 20 ms of a core. */
export function localhostIdentity(): Promise<TlsIdentity> {
  identity ??= createCertificateAuthority().then((authority) => authority.issue(['localhost']));
  return identity;
}
