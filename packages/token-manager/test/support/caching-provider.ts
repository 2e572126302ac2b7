import type { IdentityProvider, Token, TokenRequest } from '../../src/index.ts';
import { ScriptedProvider, type TestClock } from '../../src/testing.ts';
import { minute } from './bench.ts';

/** As MSAL: the same token until five minutes before its expiry, unless it is asked past its cache. Goes by the wall clock. */
export class CachingProvider implements IdentityProvider {
  /** Requests that reach the identity provider. */
  readonly requests: number[] = [];
  readonly asked: { readonly at: number; readonly force: boolean }[] = [];
  readonly entra: ScriptedProvider;
  canPass = true;
  down = false;
  readonly #clock: TestClock;
  #cached: Token | undefined;

  constructor(clock: TestClock) {
    this.#clock = clock;
    this.entra = new ScriptedProvider(clock);
  }

  async requestToken({ force }: TokenRequest): Promise<Token> {
    const now = this.#clock.now();
    this.asked.push({ at: now, force });
    const good = this.#cached !== undefined && this.#cached.expiresAt - now >= 5 * minute;
    if (this.#cached !== undefined && good && !(force && this.canPass)) return this.#cached;
    this.requests.push(now);
    if (this.down) throw new Error('connect ECONNREFUSED');
    this.#cached = this.entra.issue();
    return this.#cached;
  }
}
