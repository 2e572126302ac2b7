import { io, type Socket } from 'socket.io-client';
import { assertSame, type Load, repeat, type Tally } from '../tally.ts';
import { until } from '../until.ts';

const room = 'tea';
const answerTimeoutMs = 5000;

interface Member {
  readonly socket: Socket;
  readonly name: string;
  /** How many messages it sent; they are numbered from 1. */
  said: number;
  /** The numbers that it heard, by who said them. */
  readonly heard: Map<string, number[]>;
}

async function join(url: string, index: number, tally: Tally): Promise<Member> {
  const socket = io(url, { transports: ['websocket'] });
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  socket.on('disconnect', (reason) => {
    if (reason !== 'io client disconnect') tally.fail(`disconnected: ${reason}`);
  });
  const member: Member = { socket, name: `member-${index + 1}`, said: 0, heard: new Map() };
  socket.on('said', (text: string) => {
    const [name = '', number] = text.split(' ');
    const numbers = member.heard.get(name) ?? [];
    numbers.push(Number(number));
    member.heard.set(name, numbers);
  });
  await socket.timeout(answerTimeoutMs).emitWithAck('join', room);
  return member;
}

async function countMembers({ socket }: Member, expected: number): Promise<void> {
  const count: unknown = await socket.timeout(answerTimeoutMs).emitWithAck('count', room);
  assertSame('the members of the room', count, expected);
}

async function checkWhatWasHeard(listener: Member, speaker: Member, tally: Tally): Promise<void> {
  const heard = (): number[] => listener.heard.get(speaker.name) ?? [];
  // Failures are told below, in numbers.
  await until('all messages', 5000, () => heard().length >= speaker.said).catch(() => undefined);
  const numbers = heard();
  const lost = speaker.said - new Set(numbers).size;
  const repeated = numbers.length - new Set(numbers).size;
  const late = numbers.filter((number, index) => number < (numbers[index - 1] ?? 0)).length;
  for (const _ of numbers) tally.count('messages heard');
  if (lost + repeated + late === 0) return;
  tally.fail(
    `${listener.name} heard ${speaker.name} with ${lost} messages lost, ${repeated} twice, ${late} out of order`,
  );
}

/** socket.io: a member on each instance; everybody hears everybody, each message once and in order. */
export async function chat(urls: readonly string[], tally: Tally): Promise<Load> {
  const members = await Promise.all(urls.map((url, index) => join(url, index, tally)));
  // The adapter does not say when it has subscribed: its own requests to the other instances do.
  for (const member of members) await countMembers(member, members.length);
  const loads = members.map((member) =>
    repeat(
      tally,
      async (_lane, round) => {
        member.said = round;
        member.socket.emit('say', room, `${member.name} ${round}`);
        if (round % 20 > 0) return;
        await countMembers(member, members.length);
        tally.count('rooms counted across instances');
      },
      { lanes: 1, pauseMs: 5 },
    ),
  );
  return {
    stop: async () => {
      for (const load of loads) await load.stop();
      for (const listener of members) {
        for (const speaker of members) await checkWhatWasHeard(listener, speaker, tally);
      }
      for (const { socket } of members) socket.disconnect();
    },
  };
}
