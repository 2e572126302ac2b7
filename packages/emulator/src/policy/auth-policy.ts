import type { AccessPolicies, TokenVerifier, Verdict } from '../types.ts';
import { accessOf } from './access.ts';
import { runAt, systemClock, type PolicyClock } from './clock.ts';
import type { LoginAttempt } from './login-attempt.ts';

/** What a connection is logged in as. */
export interface Login {
  readonly username: string;
  readonly objectId: string;
  /** When the connection is closed, epoch ms. */
  readonly expiresAt: number;
  /** Writes are answered NOPERM. */
  readonly readOnly: boolean;
}

export type LoginVerdict =
  | { readonly ok: true; readonly login: Login }
  | { readonly ok: false /** For people; never part of the token. */; readonly reason: string };

/** The rules of authentication, the same for `startCache` and `startGate`. */
export interface AuthPolicy {
  /** For one client connection. `cut` is called once, when the token that it last authenticated with expires. */
  connection(cut: () => void): ConnectionLogin;
}

/**
 * The login state of one connection. `verify` changes nothing; the server says with `accept` that it took the AUTH or HELLO, so
 * one that it refused (RESP2 subscriber) or queued (MULTI) extends nothing, and a failed one leaves the connection as it was.
 * The caller keeps the order of commands: it handles nothing more of this connection until `verify` has answered.
 */
export interface ConnectionLogin {
  /** Undefined before the first login and after `logout`. */
  readonly current: Login | undefined;
  /** Writes are answered NOPERM. */
  readonly readOnly: boolean;
  /** Asks the verifier. Never rejects: a verifier that throws, or accepts an expired token, refuses. */
  verify(attempt: LoginAttempt): LoginVerdict | Promise<LoginVerdict>;
  /** From now on the connection lives until `login.expiresAt`, also when that is earlier than before. */
  accept(login: Login): void;
  /** RESET: no user, and nothing to expire. */
  logout(): void;
  /** The connection is gone: its timer too. */
  close(): void;
}

export function createAuthPolicy(options: {
  verifier: TokenVerifier;
  clock?: PolicyClock;
  accessPolicies?: AccessPolicies | undefined;
}): AuthPolicy {
  const { verifier, clock = systemClock, accessPolicies } = options;
  return {
    connection: (cut) => new PolicyConnection({ verifier, clock, accessPolicies }, cut),
  };
}

interface PolicyRules {
  readonly verifier: TokenVerifier;
  readonly clock: PolicyClock;
  readonly accessPolicies: AccessPolicies | undefined;
}

class PolicyConnection implements ConnectionLogin {
  readonly #rules: PolicyRules;
  readonly #cut: () => void;
  #current: Login | undefined;
  #cancel: () => void = () => undefined;
  #closed = false;

  constructor(rules: PolicyRules, cut: () => void) {
    this.#rules = rules;
    this.#cut = cut;
  }

  get current(): Login | undefined {
    return this.#current;
  }

  get readOnly(): boolean {
    return this.#current?.readOnly === true;
  }

  verify({ username, password }: LoginAttempt): LoginVerdict | Promise<LoginVerdict> {
    try {
      const verdict = this.#rules.verifier.verify(username, password);
      if (!(verdict instanceof Promise)) return this.#judge(username, verdict);
      return verdict.then((late) => this.#judge(username, late)).catch(failedVerifier);
    } catch (error) {
      return failedVerifier(error);
    }
  }

  #judge(username: string, verdict: Verdict): LoginVerdict {
    if (!verdict.ok) return verdict;
    const { objectId, expiresAt } = verdict;
    if (!(expiresAt > this.#rules.clock.now())) return { ok: false, reason: 'the token has expired' };
    const access = accessOf(this.#rules.accessPolicies, objectId);
    if (access === undefined)
      return { ok: false, reason: `no data access policy is assigned to object id ${objectId}` };
    return { ok: true, login: { username, objectId, expiresAt, readOnly: access === 'reader' } };
  }

  accept(login: Login): void {
    if (this.#closed) return;
    this.#cancel();
    this.#current = login;
    this.#cancel = runAt(this.#rules.clock, login.expiresAt, () => {
      if (this.#closed) return;
      this.close();
      this.#cut();
    });
  }

  logout(): void {
    this.#cancel();
    this.#current = undefined;
  }

  close(): void {
    this.#closed = true;
    this.#cancel();
  }
}

/** Names the error alone: its message could quote the token. */
function failedVerifier(error: unknown): LoginVerdict {
  const name = error instanceof Error ? error.name : typeof error;
  return { ok: false, reason: `the verifier itself failed (${name}): run it alone with the same token to see why` };
}
