import { randomUUID } from 'node:crypto';
import { ask, assertSame, type Load, repeat, type Tally } from '../tally.ts';

type Traffic = (urls: readonly string[], tally: Tally) => Promise<Load>;
type Step = (url: string, lane: string, round: number) => Promise<void>;

const eachRound =
  (done: string, step: Step): Traffic =>
  async ([url = ''], tally) =>
    repeat(tally, async (lane, round) => {
      await step(url, lane, round);
      tally.count(done);
    });

/** ioredis: the answer comes when the worker has sent the mail, and its message has arrived. */
export const mails: Traffic = eachRound('mails sent', async (url, lane) => {
  await ask(`${url}/mails/${lane}`, { method: 'POST' }, 204);
});

/** ioredis Cluster: what was written is read, and each change was written once. Ids are spread over the slots. */
export const profiles: Traffic = eachRound('profiles written and read', async (url, lane, round) => {
  const [id, changes] = [`${lane}-${round % 50}`, Math.floor(round / 50) + (round < 50 || round % 50 > 0 ? 1 : 0)];
  const name = `name-${round}`;
  const written = await ask(`${url}/profiles/${id}`, { method: 'PUT', body: name });
  assertSame(`PUT profile ${id}`, await written.json(), { id, name, changes });
  const read = await ask(`${url}/profiles/${id}`);
  assertSame(`GET profile ${id}`, await read.json(), { id, name, changes });
});

/** BullMQ: the answer comes when the worker has done the job. */
export const orders: Traffic = eachRound('jobs done', async (url, lane, round) => {
  const answer = await ask(`${url}/orders?item=${lane}&quantity=${round}`, { method: 'POST' });
  assertSame('the invoice', await answer.text(), `${round} x ${lane}`);
});

/** Fastify: the first answer is a fresh one, the second the same from the cache. */
export const forecasts: Traffic = eachRound('forecasts, fresh and cached', async (url) => {
  const city = randomUUID();
  for (const expected of ['miss', 'hit']) {
    const answer = await ask(`${url}/forecasts/${city}`);
    assertSame(`x-cache of ${city}`, answer.headers.get('x-cache'), expected);
    assertSame('the city', ((await answer.json()) as { city?: string }).city, city);
  }
});

/** rate-limiter-flexible: each new key has five requests, no more and no less. */
export const limits: Traffic = eachRound('keys limited to five requests', async (url) => {
  const headers = { 'x-api-key': randomUUID() };
  for (const left of ['4', '3', '2', '1', '0']) {
    const answer = await ask(url, { headers });
    assertSame('the requests left', answer.headers.get('x-ratelimit-remaining'), left);
  }
  await ask(url, { headers }, 429);
});

/** OpenTelemetry: no visit is lost or counted twice. */
export const visits: Traffic = eachRound('visits', async (url, lane, round) => {
  const answer = await ask(`${url}/${lane}`);
  assertSame(`visits of ${lane}`, await answer.json(), { visits: round });
});

/** Express: browsers whose session counts each view; every tenth one logs out and comes back as a new one. */
export const sessions: Traffic = async ([url = ''], tally) => {
  const cookies = new Map<string, string>();
  return repeat(tally, async (lane, round) => {
    const views = ((round - 1) % 10) + 1;
    const cookie = cookies.get(lane);
    const headers = cookie === undefined || views === 1 ? {} : { cookie };
    const answer = await ask(url, { headers });
    const [set] = answer.headers.getSetCookie();
    if (set !== undefined) cookies.set(lane, set.split(';')[0] ?? '');
    assertSame(`views of ${lane}`, await answer.json(), { views });
    tally.count('page views');
    if (views < 10) return;
    await ask(`${url}/logout`, { method: 'POST', headers }, 204);
    tally.count('sessions ended');
  });
};
