// What is due when: the earliest first, each thing once, whatever was set before.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DueTimes } from "../../src/memo/due-times.ts";

test("what is taken is what is due, in order, as if everything were sorted each time", () => {
  const step = fc.oneof(
    fc.record({ key: fc.constantFrom("a", "b", "c", "d", "e", "f"), dueUs: fc.option(fc.nat(20), { nil: undefined }) }),
    fc.record({ byUs: fc.nat(20), most: fc.integer({ min: 1, max: 4 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const times = new DueTimes();
      const plain = new Map<string, number>();
      for (const what of steps) {
        if ("key" in what) {
          times.set(what.key, what.dueUs);
          if (what.dueUs === undefined) plain.delete(what.key);
          else plain.set(what.key, what.dueUs);
        } else {
          const expected = [...plain]
            .filter(([, dueUs]) => dueUs <= what.byUs)
            .sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1))
            .slice(0, what.most)
            .map(([key]) => key);
          assert.deepEqual(times.take(what.byUs, what.most), expected);
          for (const key of expected) plain.delete(key);
        }
        assert.equal(times.size, plain.size);
        assert.equal(times.nextUs, plain.size === 0 ? undefined : Math.min(...plain.values()));
      }
    }),
  );
});
