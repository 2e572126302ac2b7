import type { TokenManager } from '@entra-redis/token-manager';
import { expect, onTestFinished, test, vi } from 'vitest';
import { tokenWithin } from '../src/connection/connect-after-token.ts';

test.each([
  ['fakes of vitest', () => void vi.useFakeTimers()],
  [
    'stubs that return nothing',
    () => {
      vi.spyOn(globalThis, 'setTimeout').mockReturnValue(undefined as never);
      vi.spyOn(globalThis, 'clearTimeout').mockReturnValue();
    },
  ],
])('connect/faked-timers: with %s a wait for a token still ends by a token, and by connectTimeout', async (_, fake) => {
  onTestFinished(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });
  fake();
  await tokenWithin(
    5000,
    managerWith(() => Promise.resolve()),
    undefined,
  );
  const late = tokenWithin(5, managerWith(untilAborted), undefined);
  await expect(late).rejects.toMatchObject({ code: 'ERR_TOKEN_REQUEST_TIMEOUT' });
});

/** All that is asked of a manager here. */
function managerWith(wait: (signal: AbortSignal) => Promise<void>): TokenManager {
  const credentials = ({ signal }: { signal: AbortSignal }): Promise<void> => wait(signal);
  return { credentials } as unknown as TokenManager;
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });
}
