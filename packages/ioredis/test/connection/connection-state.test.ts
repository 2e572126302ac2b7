import { describe, expect, test, vi } from 'vitest';
import { ConnectionState } from '../../src/connection/connection-state.ts';
import type { CommandEffect } from '../../src/connection/command-effects.ts';
import type { Command } from '../../src/client/client-internals.ts';
import { deferred } from '../support/world.ts';

/** A state, what it has told, and a way to write commands that are answered later. */
function watched() {
  const onQuiet = vi.fn<() => void>();
  const state = new ConnectionState(onQuiet);
  const write = (effect: CommandEffect): ReturnType<typeof deferred<unknown>> => {
    const answer = deferred<unknown>();
    state.observe({ promise: answer.promise } as Command, effect);
    return answer;
  };
  return { state, onQuiet, write };
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('reauth/multi', () => {
  test('a transaction begins with MULTI and ends with EXEC, a turn later', async () => {
    const { state, onQuiet, write } = watched();
    expect([state.inTransaction, state.allowsAuth]).toEqual([false, true]);
    write('begin').resolve('OK');
    await turn();
    expect([state.inTransaction, state.allowsAuth]).toEqual([true, false]);
    write('none');
    write('begin');
    expect(state.inTransaction).toBe(true);
    write('end');
    expect([state.inTransaction, state.allowsAuth]).toEqual([false, true]);
    expect(onQuiet).not.toHaveBeenCalled();
    await turn();
    expect(onQuiet).toHaveBeenCalledOnce();
  });

  test('an EXEC without MULTI changes nothing', async () => {
    const { state, onQuiet, write } = watched();
    write('end');
    await turn();
    expect(state.allowsAuth).toBe(true);
    expect(onQuiet).not.toHaveBeenCalled();
  });

  test('a MULTI that the server refuses began nothing; one whose reply was given up may have', async () => {
    const refused = watched();
    refused.write('begin').reject(new Error('NOPERM'));
    await turn();
    expect(refused.state.inTransaction).toBe(false);
    expect(refused.onQuiet).toHaveBeenCalledOnce();
    const timedOut = watched();
    timedOut.write('begin').reject(new Error('Command timed out'));
    await turn();
    expect(timedOut.state.inTransaction).toBe(true);
    expect(timedOut.onQuiet).not.toHaveBeenCalled();
  });
});

describe('reauth/subscriber-leaves', () => {
  test('until all changes of subscriptions are answered, one way or the other, it is not quiet', async () => {
    const { state, onQuiet, write } = watched();
    const [one, other] = [write('subscriptions'), write('subscriptions')];
    expect([state.inTransaction, state.allowsAuth]).toEqual([false, false]);
    one.resolve(1);
    await turn();
    expect(state.allowsAuth).toBe(false);
    expect(onQuiet).not.toHaveBeenCalled();
    other.reject(new Error('NOPERM'));
    await turn();
    expect(state.allowsAuth).toBe(true);
    expect(onQuiet).toHaveBeenCalledOnce();
  });

  test('a change that is answered inside a transaction does not end it', async () => {
    const { state, onQuiet, write } = watched();
    write('begin');
    write('subscriptions').resolve(1);
    await turn();
    expect(state.allowsAuth).toBe(false);
    expect(onQuiet).not.toHaveBeenCalled();
  });

  test('what is neither is not looked at', () => {
    const { state, write } = watched();
    write('none');
    write('login');
    expect(state.allowsAuth).toBe(true);
  });
});
