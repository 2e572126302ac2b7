import type { RedisServer } from './start.ts';

/** What makes a cluster of nodes, for whatever client sends it. */

export const slotCount = 16_384;

type Commands = readonly (readonly [string, ...string[]])[];

/** Gives the master at `index` of `masters` its share of the slots. To be sent first: a node that knows another takes no epoch. */
export function slotCommands(index: number, masters: number): Commands {
  const from = Math.floor((slotCount * index) / masters);
  const to = Math.floor((slotCount * (index + 1)) / masters) - 1;
  return [
    // Without it the nodes would find out by themselves that they all claim the same epoch, which takes time.
    ['CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1)],
    ['CLUSTER', 'ADDSLOTSRANGE', String(from), String(to)],
  ];
}

/** Introduces a node to the others among `nodes`. */
export const meetCommands = (node: RedisServer, nodes: readonly RedisServer[]): Commands =>
  nodes
    .filter((other) => other !== node)
    .map(({ host, port, busPort }) => ['CLUSTER', 'MEET', host, String(port), String(busPort)]);
