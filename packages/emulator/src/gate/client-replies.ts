import type { ReplyState } from './reply-state.ts';

/** Whether the client wants replies: https://redis.io/docs/latest/commands/client-reply/. */
export class ClientReplies {
  #mode: 'on' | 'off' | 'skip' = 'on';

  get on(): boolean {
    return this.#mode === 'on';
  }

  /** Whether this command, sent now, will be answered. `CLIENT REPLY` must come when nothing else is in flight. */
  expects(words: readonly string[], args: readonly Buffer[], state: ReplyState): boolean {
    const wanted = switches(words, args) && !state.inMulti && !(state.resp === 2 && state.subscriber);
    if (wanted) return this.#switch(String(args[2]).toUpperCase());
    const mode = this.#mode;
    if (mode === 'skip' || (mode === 'off' && words[0] === 'RESET')) this.#mode = 'on';
    return mode === 'on' || (mode === 'off' && words[0] === 'RESET');
  }

  #switch(to: string): boolean {
    if (to === 'ON') this.#mode = 'on';
    else if (to === 'OFF') this.#mode = 'off';
    else if (to === 'SKIP' && this.#mode === 'on') this.#mode = 'skip';
    // Anything else is a syntax error, which is told to those who listen.
    return this.#mode === 'on';
  }
}

/** Whether a command is `CLIENT REPLY ON|OFF|SKIP`. */
export function switches(words: readonly string[], args: readonly Buffer[]): boolean {
  return words[0] === 'CLIENT' && words[1] === 'REPLY' && args.length === 3;
}
