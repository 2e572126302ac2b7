import { ask, assertSame, type Load, repeat, type Tally } from '../tally.ts';
import { until } from '../until.ts';

/** The messages of a stream of server-sent events, as they come. */
async function* messagesOf(response: Response): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const parts = `${rest}${chunk}`.split('\n\n');
    rest = parts.pop() ?? '';
    for (const part of parts) yield part.replace(/^data: /, '');
  }
}

/** node-redis: each like is counted once, and a reader of the feed gets every message once and in order. */
export async function likes([url = '']: readonly string[], tally: Tally): Promise<Load> {
  const feed = new AbortController();
  const heard: string[] = [];
  const response = await fetch(`${url}/feed`, { signal: feed.signal });
  const reading = (async () => {
    for await (const message of messagesOf(response)) heard.push(message);
  })().catch((error: unknown) => {
    if (!feed.signal.aborted) tally.fail(error);
  });
  const told: string[] = [];
  const load = repeat(tally, async (article, count) => {
    const answer = await ask(`${url}/likes/${article}`, { method: 'POST' });
    const message = await answer.text();
    told.push(message);
    assertSame('the like', JSON.parse(message), { article, count });
    tally.count('likes');
  });
  return {
    stop: async () => {
      await load.stop();
      await until('every message', 5000, () => heard.length >= told.length).catch((error: unknown) =>
        tally.fail(error),
      );
      feed.abort();
      await reading;
      const of = (messages: readonly string[], lane: string): string[] =>
        messages.filter((m) => m.includes(`"${lane}"`));
      for (const lane of new Set(told.map((message) => (JSON.parse(message) as { article: string }).article))) {
        if (of(heard, lane).join() !== of(told, lane).join())
          tally.fail(`messages of ${lane} got lost or out of order`);
      }
      for (const _ of heard) tally.count('messages');
    },
  };
}
