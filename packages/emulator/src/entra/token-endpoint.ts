import type { ServerResponse } from 'node:http';
import type { EntraRequest, IssuedToken } from '../types.ts';
import type { FaultQueue } from './faults.ts';
import { type Answer, send } from './http.ts';
import { redisApplicationId, redisAudience, type TokenClaims, type TokenIssuer } from './tokens.ts';

/** What tokens are issued with; `configure` changes it. */
export interface TokenSettings {
  tenantId: string;
  clientId: string;
  objectId: string;
  lifetimeMs: number;
  refreshInMs: number | undefined;
  statedLaterMs: number;
}

export interface TokenCall {
  readonly source: EntraRequest['source'];
  readonly grant: string;
  /** A scope (`…/.default`) or a resource. */
  readonly scope: string;
  /** What to answer to a caller that is not who it claims to be. */
  readonly refusal: Answer | undefined;
  /** The shape of this endpoint's answer. */
  readonly body: (token: IssuedToken, settings: TokenSettings) => unknown;
}

/** The audience of a token for this scope or resource: the application id form keeps its form. */
function audienceOf(scope: string): string {
  const resource = scope.replace(/\/?\.default$/, '').replace(/\/$/, '');
  return resource === redisApplicationId ? redisApplicationId : resource || redisAudience;
}

/** Answers every kind of token request: the log, the faults and the token are the same for all. */
export class TokenEndpoint {
  readonly requests: EntraRequest[] = [];
  readonly #issuer: TokenIssuer;
  readonly #faults: FaultQueue;
  readonly #settings: TokenSettings;

  constructor(issuer: TokenIssuer, faults: FaultQueue, settings: TokenSettings) {
    this.#issuer = issuer;
    this.#faults = faults;
    this.#settings = settings;
  }

  async answer(call: TokenCall, response: ServerResponse): Promise<void> {
    const fault = this.#faults.next();
    const outcome = fault?.kind ?? (call.refusal === undefined ? 'token' : 'refused');
    this.requests.push({ at: Date.now(), source: call.source, grant: call.grant, scope: call.scope, outcome });
    if (fault !== undefined && !(await this.#faults.apply(fault, response))) return;
    if (call.refusal !== undefined) return send(response, call.refusal);
    const token = await this.issue({ audience: audienceOf(call.scope) });
    const stated = { ...token, expiresAt: token.expiresAt + this.#settings.statedLaterMs };
    send(response, { status: 200, body: call.body(stated, this.#settings) });
  }

  async issue(claims: Partial<TokenClaims> = {}): Promise<IssuedToken> {
    const { clientId, objectId, lifetimeMs } = this.#settings;
    return await this.#issuer.issue({ clientId, objectId, lifetimeMs, audience: redisAudience, ...claims });
  }
}

/** Whole seconds that are left, as every endpoint tells them. */
export const secondsLeft = (token: IssuedToken): number =>
  Math.max(0, Math.floor((token.expiresAt - Date.now() + 50) / 1000));

export const refreshIn = (settings: TokenSettings): { refresh_in?: number } =>
  settings.refreshInMs === undefined ? {} : { refresh_in: Math.floor(settings.refreshInMs / 1000) };
