/** What clients do wrong by themselves, with a static password too, and what the application does about it. */

/**
 * node-redis: `close()` and `quit()` wait for what is under way, and for ever when the connection is lost then: neither they nor the
 * commands settle.
 */
export function closeWaysThatEnd(client: string, ways: readonly string[]): readonly string[] {
  return client === 'node-redis' ? ways.filter((way) => way !== 'quit' && way !== 'close') : ways;
}

/**
 * ioredis: a cluster calls `disconnect()` of its former subscriber again whenever its nodes change, and each call adds a listener to a
 * socket that is closing.
 */
export function isKnownWarning({ name, stack = '' }: Error): boolean {
  return name === 'MaxListenersExceededWarning' && stack.includes('ClusterSubscriber.selectSubscriber');
}

/** ioredis: `disconnect()` while it waits to connect again never settles the commands that wait with it. */
export function forgetsCommands(client: string): boolean {
  return client === 'ioredis';
}
