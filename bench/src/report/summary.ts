import type { Measured } from '../figures/types.ts';
import { figure } from './table.ts';

interface Question {
  readonly asked: string;
  readonly metricOf: (client: string) => string;
  readonly answer: (measured: Measured) => string;
}

const percent = (ratio: number): string => `${((ratio - 1) * 100).toFixed(1)} %`.replace(/^(?=\d)/, '+');

/** The five figures that a user asks for, each with the metrics that answer it. */
const questions: readonly Question[] = [
  {
    asked: 'Are commands slower than with a static password? (GET/s, one after the other)',
    metricOf: (client) => `hot-path/${client}/sequential`,
    answer: ({ ratio }) => (ratio === null ? '-' : percent(ratio)),
  },
  {
    asked: 'How slow are commands while 1,000 connections get a new token? (p99, in times that of a quiet period)',
    metricOf: (client) => `rotation/${client}/p99`,
    answer: ({ ours, peer, peerName }) => `${ours} (${peerName}: ${peer})`,
  },
  {
    asked: 'How many commands fail in an outage of Entra that outlasts a token? (5 runs of 850)',
    metricOf: (client) => `outage/failed-commands/${client}`,
    answer: ({ ours, peer, peerName }) => `${figure(ours)} (${peerName}: ${figure(peer)})`,
  },
  {
    asked: 'How many messages does a RESP2 subscriber lose when its token expires? (2,000 a second)',
    metricOf: (client) => `subscriber/lost/${client}/resp2`,
    answer: ({ ours, peer, peerName }) => `${figure(ours)} (${peerName}: ${figure(peer)})`,
  },
  {
    asked: 'What does it add to node_modules, next to the client?',
    metricOf: (client) => `install/size/${client}`,
    answer: ({ ours, peer, peerName }) => `${kB(ours)} (${peerName}: ${kB(peer)})`,
  },
];

const kB = (bytes: number): string => `${figure(Math.round(bytes / 1000))} kB`;

/** A table of one screen; a question that nothing here answers is left out. */
export function summaryTable(metrics: readonly Measured[]): string[] {
  const byName = new Map(metrics.map((each) => [each.name, each]));
  const rows = questions.flatMap(({ asked, metricOf, answer }) => {
    const cells = ['ioredis', 'node-redis'].map((client) => byName.get(metricOf(client)));
    if (cells.every((cell) => cell === undefined)) return [];
    return [`| ${[asked, ...cells.map((cell) => (cell === undefined ? '-' : answer(cell)))].join(' | ')} |`];
  });
  return rows.length === 0 ? [] : ['| | ioredis | node-redis |', '|---|---|---|', ...rows, ''];
}
