import { describe, expect, it } from 'vitest';
import { createAuthPolicy, type ConnectionLogin } from '../../src/policy/auth-policy.ts';
import type { PolicyClock } from '../../src/policy/clock.ts';
import { parseAuth, parseHello, type LoginAttempt } from '../../src/policy/login-attempt.ts';
import type { TokenVerifier } from '../../src/types.ts';

class VirtualClock implements PolicyClock {
  time = 1_000_000;
  pending = new Map<symbol, { at: number; task: () => void }>();
  longestDelayMs = 0;

  now(): number {
    return this.time;
  }

  after(delayMs: number, task: () => void): () => void {
    const key = Symbol('timer');
    this.longestDelayMs = Math.max(this.longestDelayMs, delayMs);
    this.pending.set(key, { at: this.time + delayMs, task });
    return () => this.pending.delete(key);
  }

  advanceTo(time: number): void {
    for (;;) {
      const [next] = [...this.pending].sort(([, a], [, b]) => a.at - b.at);
      if (next === undefined || next[1].at > time) break;
      this.pending.delete(next[0]);
      this.time = next[1].at;
      next[1].task();
    }
    this.time = time;
  }
}

/** Accepts `token-<expiresAt>`. */
const verifier: TokenVerifier = {
  async verify(_username, password) {
    const match = /^token-(\d+)$/.exec(password);
    if (password === 'throw') throw new Error('about secret-token');
    return match ? { ok: true, objectId: 'oid', expiresAt: Number(match[1]) } : { ok: false, reason: 'no such token' };
  },
};

function setup(): { clock: VirtualClock; login: ConnectionLogin; cuts: number[] } {
  const clock = new VirtualClock();
  const cuts: number[] = [];
  const login = createAuthPolicy({ verifier, clock }).connection(() => cuts.push(clock.now()));
  return { clock, login, cuts };
}

const attempt = (password: string): LoginAttempt => ({ via: 'AUTH', username: 'oid', password });

async function logIn(login: ConnectionLogin, password: string): Promise<void> {
  const verdict = await login.verify(attempt(password));
  if (!verdict.ok) throw new Error(verdict.reason);
  login.accept(verdict.login);
}

describe('a connection', () => {
  it('is cut when the token that it last authenticated with expires', async () => {
    const { clock, login, cuts } = setup();
    await logIn(login, 'token-1005000');
    clock.advanceTo(1_004_000);
    await logIn(login, 'token-1009000');
    clock.advanceTo(1_008_999);
    expect(cuts).toEqual([]);
    clock.advanceTo(1_020_000);
    expect(cuts).toEqual([1_009_000]);
    expect(clock.pending.size).toBe(0);
  });

  it('is cut earlier when it authenticates with a token that expires earlier', async () => {
    const { clock, login, cuts } = setup();
    await logIn(login, 'token-1009000');
    await logIn(login, 'token-1002000');
    clock.advanceTo(1_020_000);
    expect(cuts).toEqual([1_002_000]);
  });

  it('stays as it was after a failed AUTH', async () => {
    const { clock, login, cuts } = setup();
    await logIn(login, 'token-1005000');
    expect(await login.verify(attempt('wrong'))).toEqual({ ok: false, reason: 'no such token' });
    expect(login.current?.expiresAt).toBe(1_005_000);
    clock.advanceTo(1_005_000);
    expect(cuts).toEqual([1_005_000]);
  });

  it('gains nothing from an AUTH that was verified but that the server did not take', async () => {
    const { clock, login, cuts } = setup();
    await logIn(login, 'token-1005000');
    expect((await login.verify(attempt('token-1009000'))).ok).toBe(true);
    clock.advanceTo(1_020_000);
    expect(cuts).toEqual([1_005_000]);
  });

  it('refuses an expired token that the verifier accepted, and one with a broken expiry', async () => {
    const { login } = setup();
    expect(await login.verify(attempt('token-999'))).toEqual({ ok: false, reason: 'the token has expired' });
  });

  it('refuses when the verifier throws, without its message', async () => {
    const { login } = setup();
    const verdict = await login.verify(attempt('throw'));
    expect(verdict.ok).toBe(false);
    expect(JSON.stringify(verdict)).not.toContain('secret-token');
  });

  it('waits for a token that lives longer than a timer can', async () => {
    const { clock, login, cuts } = setup();
    const expiresAt = clock.now() + 5 * 2 ** 31;
    await logIn(login, `token-${expiresAt}`);
    clock.advanceTo(expiresAt - 1);
    expect(cuts).toEqual([]);
    expect(clock.longestDelayMs).toBeLessThan(2 ** 31);
    clock.advanceTo(expiresAt);
    expect(cuts).toEqual([expiresAt]);
  });

  it('has no timer after close or RESET, also when a verification ends later', async () => {
    const { clock, login, cuts } = setup();
    await logIn(login, 'token-1005000');
    login.logout();
    expect(login.current).toBeUndefined();
    expect(clock.pending.size).toBe(0);
    const verdict = await login.verify(attempt('token-1005000'));
    login.close();
    if (verdict.ok) login.accept(verdict.login);
    expect(clock.pending.size).toBe(0);
    expect(cuts).toEqual([]);
  });
});

describe('AUTH and HELLO', () => {
  const args = (...words: string[]): Buffer[] => words.map((word) => Buffer.from(word));

  it('AUTH takes a password alone, or a user name and a password', () => {
    expect(parseAuth(args('AUTH', 'p'))).toEqual({ attempt: { via: 'AUTH', username: 'default', password: 'p' } });
    expect(parseAuth(args('auth', 'u', 'p'))).toEqual({ attempt: { via: 'AUTH', username: 'u', password: 'p' } });
    expect(parseAuth(args('AUTH', 'u', 'p', 'x'))).toEqual({ error: 'ERR syntax error' });
  });

  it('HELLO takes a version, AUTH and SETNAME', () => {
    expect(parseHello(args('HELLO'))).toEqual({});
    expect(parseHello(args('HELLO', '3', 'SETNAME', 'n', 'auth', 'u', 'p'))).toEqual({
      version: 3,
      attempt: { via: 'HELLO', username: 'u', password: 'p' },
      name: 'n',
    });
    expect(parseHello(args('HELLO', '4'))).toEqual({ error: 'NOPROTO unsupported protocol version' });
    expect(parseHello(args('HELLO', '3'), 2)).toEqual({ error: 'NOPROTO unsupported protocol version' });
    expect(parseHello(args('HELLO', 'x'))).toHaveProperty('error');
    expect(parseHello(args('HELLO', '3', 'AUTH', 'u'))).toEqual({ error: "ERR Syntax error in HELLO option 'AUTH'" });
  });
});
