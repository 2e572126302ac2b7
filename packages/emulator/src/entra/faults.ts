import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { EntraFault } from '../types.ts';
import { send } from './http.ts';

/** A TLS socket cannot be reset: it closes without a reply. */
function reset(socket: Socket | null): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket?.resetAndDestroy();
}

/** The faults that the next token requests meet, in order. */
export class FaultQueue {
  #queue: { readonly fault: EntraFault; left: number }[] = [];
  readonly #delays = new Set<NodeJS.Timeout>();

  add(fault: EntraFault, times: number): void {
    if (!(times > 0)) throw new RangeError(`The times that a fault is met must be positive: ${times}`);
    this.#queue.push({ fault, left: times });
  }

  heal(): void {
    this.#queue = [];
  }

  next(): EntraFault | undefined {
    const head = this.#queue[0];
    if (head === undefined) return undefined;
    head.left -= 1;
    if (head.left <= 0) this.#queue.shift();
    return head.fault;
  }

  /** Says whether the request continues to a token: only after a delay. */
  async apply(fault: EntraFault, response: ServerResponse): Promise<boolean> {
    switch (fault.kind) {
      case 'delay':
        await this.#delay(fault.delayMs);
        return true;
      case 'hang':
        return false;
      case 'reset':
        reset(response.socket);
        return false;
      case 'malformed':
        send(response, { status: 200, body: '{"token_type":"Bearer","access_tok' });
        return false;
      case 'status':
        send(response, statusAnswer(fault));
        return false;
    }
  }

  close(): void {
    for (const timer of this.#delays) clearTimeout(timer);
  }

  async #delay(delayMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.#delays.delete(timer);
        resolve();
      }, delayMs);
      this.#delays.add(timer);
    });
  }
}

function statusAnswer({
  status,
  retryAfterSeconds,
  error,
  description,
}: EntraFault & { kind: 'status' }): Parameters<typeof send>[1] {
  const fallback = status === 429 ? 'temporarily_unavailable' : 'server_error';
  return {
    status,
    body: {
      error: error ?? fallback,
      error_description: description ?? `AADSTS90033: the emulator answers ${status}, as requested`,
    },
    ...(retryAfterSeconds === undefined ? {} : { headers: { 'retry-after': String(retryAfterSeconds) } }),
  };
}
