/**
 * `onNext` of node-redis is `(credentials) => { this.reAuthenticate(credentials).catch(report) }`: it returns nothing, so
 * whether and when the server accepted is told to nobody. The promise that it calls `catch` on, before it returns, is
 * that of the AUTH. `Promise.prototype.catch` is replaced only while `call` runs, which is synchronous: no other code can
 * see it. Returns undefined where it cannot be replaced (frozen intrinsics).
 */
export function promiseCaughtBy(call: () => void): Promise<unknown> | undefined {
  const original = Reflect.getOwnPropertyDescriptor(Promise.prototype, 'catch');
  const seen: Promise<unknown>[] = [];
  function noting(this: Promise<unknown>, onRejected: (reason: unknown) => unknown): Promise<unknown> | undefined {
    seen.push(this);
    return original?.value?.call(this, onRejected);
  }
  Reflect.defineProperty(Promise.prototype, 'catch', { ...original, value: noting });
  try {
    call();
  } finally {
    if (original !== undefined) Reflect.defineProperty(Promise.prototype, 'catch', original);
  }
  return seen.at(-1);
}
