import { runDoctor } from '../errors/auth-refused.ts';
import type { EntraRedisError } from '../errors/errors.ts';
import type { TokenEvent } from './events.ts';

/** What is a process warning, because it concerns the operator of the process. */
const warn = (message: string, code: string): void => process.emitWarning(message, { type: 'EntraRedisWarning', code });

/** Less than this is the whole seconds of a JWT, and the way to the identity provider and back. */
const noticeableSkewMs = 5000;

/** `12 s`, `26 min` */
const durationText = (ms: number): string =>
  ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;

/** Tells once that the clock of this machine is wrong. */
export class ClockSkewWarning {
  #isTold = false;

  /** @param aheadMs negative: behind */
  tell(aheadMs: number): void {
    if (this.#isTold || Math.abs(aheadMs) < noticeableSkewMs) return;
    this.#isTold = true;
    const what = aheadMs < 0 ? `${durationText(-aheadMs)} behind` : `at least ${durationText(aheadMs)} ahead of`;
    warn(
      `The clock of this machine is ${what} the identity provider's. Tokens are still renewed in time, ` +
        'but set the clock (NTP).',
      'CLOCK_SKEW',
    );
  }
}

/** What a warning says of the connections that are at stake. */
export interface Stake {
  /** Of the current token, or of the last one. */
  readonly username: string | undefined;
  /** When the first connection will be closed, epoch ms; undefined where none is logged in. */
  readonly closedAt: number | undefined;
  /** That instant has passed. */
  readonly isOver: boolean;
  /** `host:port` of one of them. */
  readonly address: string | undefined;
}

/** So many failures in a row are an outage, and not a passing fault. */
const outageAttempts = 3;

/** Warns of an outage, or of a refusal, that no subscriber and no diagnostics channel gets: once for each. */
export class UnheardWarnings {
  readonly #stake: () => Stake;
  #outageTold = false;
  #refusalTold = false;

  constructor(stake: () => Stake) {
    this.#stake = stake;
  }

  see(event: TokenEvent, heard: boolean): void {
    if (event.type === 'reauthenticated') this.#refusalTold = false;
    if (event.type === 'failed' || event.type === 'retry') this.#seeFailure(event, heard);
    if (event.type !== 'refused' || heard || this.#refusalTold) return;
    this.#refusalTold = true;
    this.#tell(event.error, event.username);
  }

  #seeFailure(event: TokenEvent & { type: 'failed' | 'retry' }, heard: boolean): void {
    // The request before succeeded: perhaps with the current token, which is no event.
    if (event.attempt === 1) this.#outageTold = false;
    const isOutage = event.attempt >= outageAttempts || (event.type === 'failed' && event.permanent);
    if (heard || !isOutage || this.#outageTold) return;
    this.#outageTold = true;
    this.#tell(event.error, undefined);
  }

  #tell({ code, message }: EntraRedisError, refused: string | undefined): void {
    const { username = refused, closedAt, isOver, address } = this.#stake();
    const who = username === undefined ? '' : ` Object id: ${refused ?? username}.`;
    warn(
      `${code}: ${message}${who} ${closingText(closedAt, isOver)} ${runDoctor(address)} (This warning is emitted once, because nothing listens to the events: see ` +
        'TokenManager.subscribe.)',
      code,
    );
  }
}

function closingText(closedAt: number | undefined, isOver: boolean): string {
  if (closedAt === undefined) return 'No connection can log in.';
  const instant = new Date(closedAt).toISOString();
  if (isOver) return `The token expired at ${instant}, and the cache has closed its connections.`;
  return `The cache closes connections from ${instant} on, unless they get another token before.`;
}
