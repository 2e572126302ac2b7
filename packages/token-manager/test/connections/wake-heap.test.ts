import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { WakeHeap } from '../../src/connections/wake-heap.ts';

test('the heap gives its entries in the order of their instants, however they were moved and removed', () => {
  const change = fc.record({
    entry: fc.nat(15),
    wakeAt: fc.oneof({ weight: 9, arbitrary: fc.nat(1000) }, fc.constant(Infinity)),
    remove: fc.integer({ min: 0, max: 4 }).map((draw) => draw === 0),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 100, size: 'max' }), (changes) => {
      const entries = Array.from({ length: 16 }, () => ({ wakeAt: Infinity, heapIndex: -1 }));
      const heap = new WakeHeap<(typeof entries)[number]>();
      const inside = new Set<(typeof entries)[number]>();
      for (const { entry, wakeAt, remove } of changes) {
        const each = entries[entry] as (typeof entries)[number];
        if (remove) heap.delete(each);
        else heap.set(each, wakeAt);
        if (remove || wakeAt === Infinity) inside.delete(each);
        else inside.add(each);
      }
      const drained: number[] = [];
      for (let first = heap.peek(); first !== undefined; first = heap.peek()) {
        drained.push(first.wakeAt);
        heap.delete(first);
      }
      expect(drained).toEqual([...inside].map(({ wakeAt }) => wakeAt).sort((a, b) => a - b));
    }),
  );
});
