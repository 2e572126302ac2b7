import type { Redis } from 'ioredis';

interface Mail {
  readonly id: string;
  readonly recipient: string;
}

/** Takes mails off the list until `signal` says stop. It has a connection of its own to block on, for a second at a time. */
export async function sendMails(blocking: Redis, redis: Redis, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const item = await blocking.brpop('mails', 1);
    if (item === null) continue;
    const { id, recipient } = JSON.parse(item[1]) as Mail;
    await redis.multi().incr(`sent:${recipient}`).publish('sent', id).exec();
  }
}
