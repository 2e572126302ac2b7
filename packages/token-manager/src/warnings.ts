/** What is told by a process warning, because it concerns whoever runs the process. */
const warn = (message: string, code: string): void => process.emitWarning(message, { type: 'EntraRedisWarning', code });

/** Less than this is the whole seconds of a JWT, and the way to the identity provider and back. */
const noticeableSkewMs = 5000;

/** `12 s`, `26 min` */
const spelled = (ms: number): string =>
  ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;

/** Tells once that the clock of this machine is wrong. */
export class ClockSkew {
  #told = false;

  /** @param aheadMs negative: behind */
  tell(aheadMs: number): void {
    if (this.#told || Math.abs(aheadMs) < noticeableSkewMs) return;
    this.#told = true;
    const what = aheadMs < 0 ? `${spelled(-aheadMs)} behind` : `at least ${spelled(aheadMs)} ahead of`;
    warn(
      `The clock of this machine is ${what} the identity provider's. Tokens are renewed in time all the same, ` +
        'but set the clock (NTP).',
      'CLOCK_SKEW',
    );
  }
}
