import { randomUUID } from 'node:crypto';
import type { EntraServer } from '@entra-redis/emulator';
import type { ToApplication } from '../protocol.ts';
import { isVague } from '../judge/vague-expiry.ts';
import { type CredentialMode, type Misleading, plainCredential } from '../schedule/misleading.ts';

const minuteMs = 60_000;
const switchMs = 200;

export interface MisleaderOptions {
  readonly entra: Pick<EntraServer, 'objectId' | 'configure' | 'fail' | 'heal'>;
  /** Nothing answers meanwhile: the sabotage. */
  readonly silent: boolean;
  readonly send: (message: ToApplication) => void;
}

/** Misleads the application about tokens and time: in one way at a time. */
export class Misleader {
  readonly #options: MisleaderOptions;
  readonly #objectId: string;
  #switching: NodeJS.Timeout | undefined;
  #current: Misleading | undefined;
  readonly #vague: { readonly from: number; to: number }[] = [];

  constructor(options: MisleaderOptions) {
    this.#options = options;
    this.#objectId = options.entra.objectId;
  }

  get current(): Misleading | undefined {
    return this.#current;
  }

  begin(kind: Misleading): void {
    const { entra } = this.#options;
    this.#current = kind;
    if (isVague(kind)) this.#vague.push({ from: Date.now(), to: Infinity });
    switch (kind) {
      case 'overstated-expiry':
        entra.configure({ statedLaterMs: minuteMs });
        return this.#credential({});
      case 'identity-switch':
        this.#switch();
        return this.#credential({ switches: true });
      case 'clock-behind':
        this.#credential({ states: 'instants' });
        return this.#setClock(-12_000);
      case 'clock-set-back':
        this.#credential({ states: 'instants', caches: true });
        return this.#setClock(-30 * minuteMs);
      case 'retry-after-day':
        entra.fail({ kind: 'status', status: 429, retryAfterSeconds: 86_400 });
        return this.#credential({});
    }
  }

  end(): void {
    if (this.#current === undefined) return;
    const { entra, send } = this.#options;
    clearInterval(this.#switching);
    entra.configure({ statedLaterMs: 0, objectId: this.#objectId });
    if (this.#current === 'retry-after-day') entra.heal();
    send({ type: 'credential', mode: plainCredential });
    this.#current = undefined;
    const last = this.#vague.at(-1);
    if (last !== undefined) last.to = Math.min(last.to, Date.now());
  }

  /** Whether a token that came between these instants, epoch ms, may be believed for up to a second too long. */
  wasVague(from: number, to: number): boolean {
    return this.#vague.some((each) => each.from <= to && each.to >= from);
  }

  #switch(): void {
    const { entra } = this.#options;
    const other = randomUUID();
    this.#switching = setInterval(() => {
      entra.configure({ objectId: entra.objectId === other ? this.#objectId : other });
    }, switchMs);
  }

  #credential(changes: Partial<CredentialMode>): void {
    const { send, silent } = this.#options;
    send({ type: 'credential', mode: { ...plainCredential, silent, ...changes } });
  }

  #setClock(aheadMs: number): void {
    this.#options.send({ type: 'set-clock', aheadMs });
  }
}
