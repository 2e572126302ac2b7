export const slotCount = 16384;

/** CRC16-CCITT (XModem), as https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/ has it. */
export function crc16(bytes: Buffer): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  }
  return crc;
}

/** The slot of a key: of what is between the first `{` and the next `}` when that is not empty, else of all of it. */
export function slotOf(key: Buffer): number {
  const open = key.indexOf(0x7b);
  const close = open < 0 ? -1 : key.indexOf(0x7d, open + 1);
  return crc16(close > open + 1 ? key.subarray(open + 1, close) : key) % slotCount;
}

/** Which shard serves which slot, the same on every node: no gossip, no delay. */
export class SlotMap<Shard> {
  readonly shards: Shard[] = [];
  readonly #owners: (Shard | undefined)[] = Array.from({ length: slotCount });
  /** Slots on their way to another shard. */
  readonly migrating: Map<number, Shard> = new Map();
  epoch = 1;

  /** Splits all slots evenly over the shards, in order. */
  spread(): void {
    const { length } = this.shards;
    for (let slot = 0; slot < slotCount; slot++) {
      this.#owners[slot] = this.shards[Math.min(length - 1, Math.floor((slot * length) / slotCount))];
    }
  }

  owner(slot: number): Shard | undefined {
    return this.#owners[slot];
  }

  /** Gives the slot to another shard; answers the one that had it. */
  assign(slot: number, to: Shard): Shard | undefined {
    const from = this.#owners[slot];
    this.migrating.delete(slot);
    if (from === to) return undefined;
    this.#owners[slot] = to;
    this.epoch++;
    return from;
  }

  /** Inclusive ranges of slots that the shard serves. */
  ranges(shard: Shard): [number, number][] {
    const ranges: [number, number][] = [];
    for (let slot = 0; slot < slotCount; slot++) {
      if (this.#owners[slot] !== shard) continue;
      const last = ranges.at(-1);
      if (last !== undefined && last[1] === slot - 1) last[1] = slot;
      else ranges.push([slot, slot]);
    }
    return ranges;
  }
}
