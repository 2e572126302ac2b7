import { fetchToken, type HttpToken } from '@entra-redis/conformance/driver-kit';
import type { Clock, IdentityProvider, TokenRequest } from '@entra-redis/token-manager';
import { type CredentialMode, plainCredential } from '../schedule/misleading.ts';

/** The credential of the application, which is told how to answer. */
export class Credential {
  mode: CredentialMode = plainCredential;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** With caches of its own. */
  readonly from = (tokenUrl: string): IdentityProvider => {
    const cached: (HttpToken | undefined)[] = [];
    let turn = 0;
    return {
      requestToken: async ({ signal, force }) => {
        const { states, caches, switches, silent } = this.mode;
        if (silent) return await never(signal);
        turn = switches ? 1 - turn : 0;
        const held = cached[turn];
        if ((caches || switches) && !force && held !== undefined && held.expiresAt > this.#clock.now()) return held;
        const token = await fetchToken(tokenUrl, signal, states === 'life' ? this.#clock : undefined);
        cached[turn] = token;
        return token;
      },
    };
  };
}

const never = (signal: TokenRequest['signal']): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
