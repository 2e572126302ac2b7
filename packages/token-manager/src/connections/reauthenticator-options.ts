import type { Timeline } from '../time.ts';
import type { EntraRedisError } from '../errors/errors.ts';
import type { TokenEvent } from '../events/events.ts';
import type { RetryPolicy } from '../manager/retry.ts';
import type { Credentials } from '../tokens/credentials.ts';

/** What a coordinator needs of its manager. */
export interface CoordinatorOptions {
  readonly timeline: Timeline;
  readonly reauthWindowMs: number;
  readonly retry: RetryPolicy;
  random(): number;
  /** Wakes the coordinator at an instant of the timeline; replaces the former one. */
  wakeAt(at: number): void;
  emit(event: TokenEvent): void;
  /** The server refused these. Answers whether the manager gave them up: then it has, or asks for, others. */
  reject(credentials: Credentials, error: unknown): boolean;
  /** ERR_AUTH_REFUSED that tells why. */
  refusal(credentials: Credentials, error: unknown): EntraRedisError;
}
