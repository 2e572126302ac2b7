import { io, type Socket } from 'socket.io-client';
import { assertSame, type Load, repeat, type Tally } from '../tally.ts';
import { until } from '../until.ts';

const room = 'tea';
const answerTimeoutMs = 5000;

interface Member {
  readonly socket: Socket;
  readonly name: string;
  /** What it heard, by who said it. */
  readonly heard: Map<string, string[]>;
}

async function join(url: string, index: number, tally: Tally): Promise<Member> {
  const socket = io(url, { transports: ['websocket'] });
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  socket.on('disconnect', (reason) => {
    if (reason !== 'io client disconnect') tally.fail(`disconnected: ${reason}`);
  });
  const member: Member = { socket, name: `member-${index + 1}`, heard: new Map() };
  socket.on('said', (text: string) => {
    const [name = ''] = text.split(' ');
    member.heard.set(name, [...(member.heard.get(name) ?? []), text]);
  });
  await socket.timeout(answerTimeoutMs).emitWithAck('join', room);
  return member;
}

/** socket.io: a member on each instance; everybody hears everybody, each message once and in order. */
export async function chat(urls: readonly string[], tally: Tally): Promise<Load> {
  const members = await Promise.all(urls.map((url, index) => join(url, index, tally)));
  const said = new Map<string, string[]>(members.map(({ name }) => [name, []]));
  const loads = members.map(({ socket, name }) =>
    repeat(
      tally,
      async (_lane, round) => {
        const text = `${name} ${round}`;
        said.get(name)?.push(text);
        socket.emit('say', room, text);
        if (round % 20 > 0) return;
        const count: unknown = await socket.timeout(answerTimeoutMs).emitWithAck('count', room);
        assertSame('the members of the room', count, members.length);
        tally.count('rooms counted across instances');
      },
      { lanes: 1, pauseMs: 5 },
    ),
  );
  return {
    stop: async () => {
      for (const load of loads) await load.stop();
      for (const { name, heard } of members) {
        for (const [speaker, texts] of said) {
          const all = (): boolean => (heard.get(speaker) ?? []).length >= texts.length;
          await until(`all of ${speaker} at ${name}`, 5000, all).catch((error: unknown) => tally.fail(error));
          if (heard.get(speaker)?.join() !== texts.join()) tally.fail(`${name} did not hear ${speaker} as it spoke`);
          for (const _ of heard.get(speaker) ?? []) tally.count('messages heard');
        }
      }
      for (const { socket } of members) socket.disconnect();
    },
  };
}
