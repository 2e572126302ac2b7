import type { TokenVerifier } from '@entra-redis/emulator';

/** The identity and the login rules of another cloud, on this machine. */
export interface Cloud {
  readonly verifier: TokenVerifier;
  /** What its signing library finds in the environment there. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}
