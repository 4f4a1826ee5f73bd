// Is the matching the best one, and are close pairs found?
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { assign, type Pairs } from "../../src/scoring/assignment.ts";
import { closePairs } from "../../src/scoring/close-pairs.ts";

interface Pair {
  readonly row: number;
  readonly column: number;
  readonly cost: number;
}

function pairsOf(list: readonly Pair[]): Pairs {
  return {
    count: list.length,
    rows: Int32Array.from(list, ({ row }) => row),
    columns: Int32Array.from(list, ({ column }) => column),
    costs: Float64Array.from(list, ({ cost }) => cost),
  };
}

/** Least sum over all ways to match, by trying them. */
function leastByTrying(list: readonly Pair[], row: number, rows: number, taken: ReadonlySet<number>): number {
  if (row === rows) return 0;
  let least = leastByTrying(list, row + 1, rows, taken);
  for (const pair of list) {
    if (pair.row !== row || taken.has(pair.column)) continue;
    least = Math.min(least, pair.cost + leastByTrying(list, row + 1, rows, new Set([...taken, pair.column])));
  }
  return least;
}

const cost = fc.integer({ min: -20, max: 3 });

test("no matching costs less than the one returned, tried out on up to six by five", () => {
  const cases = fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 5 })).chain(([rows, columns]) =>
    fc.record({
      rows: fc.constant(rows),
      columns: fc.constant(columns),
      grid: fc.array(fc.option(cost, { freq: 2 }), { minLength: rows * columns, maxLength: rows * columns }),
    }),
  );
  fc.assert(
    fc.property(cases, ({ rows, columns, grid }) => {
      const list = grid.flatMap((value, k) => (value === null ? [] : [{ row: Math.floor(k / columns), column: k % columns, cost: value }]));
      const columnOf = assign(rows, columns, pairsOf(list));
      const used = [...columnOf].filter((column) => column >= 0);
      assert.equal(new Set(used).size, used.length);
      const sum = [...columnOf].reduce((total, column, row) => {
        if (column < 0) return total;
        const pair = list.find((each) => each.row === row && each.column === column);
        assert.ok(pair !== undefined, "only pairs that were offered");
        return total + pair.cost;
      }, 0);
      assert.equal(sum, leastByTrying(list, 0, rows, new Set()));
    }),
    { numRuns: 300 },
  );
});

test("a chain of takeovers is followed to its end", () => {
  // Each row would like the column of the row before; only the last has nowhere else to go.
  const rows = 200;
  const list: Pair[] = [];
  for (let row = 0; row < rows; row += 1) {
    list.push({ row, column: row, cost: -10 });
    if (row < rows - 1) list.push({ row, column: row + 1, cost: -9 });
  }
  list.push({ row: rows, column: 0, cost: -10 });
  const columnOf = assign(rows + 1, rows, pairsOf(list));
  // 201 rows for 200 columns: moving the chain up costs 1 for each, leaving one row out costs 10.
  assert.equal([...columnOf].filter((column) => column >= 0).length, rows);
});

const place = fc.integer({ min: -60, max: 60 });
const points = fc.array(fc.tuple(place, place, place), { maxLength: 25 });

test("exactly the pairs below the cut-off are found, in order of row and column", () => {
  fc.assert(
    fc.property(points, points, fc.constantFrom(2 as const, 3 as const), (a, b, dimensions) => {
      const cutoff = 20;
      const expected: [number, number, number][] = [];
      a.forEach((p, row) => {
        b.forEach((q, column) => {
          const square = (p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2 + (dimensions === 3 ? (p[2] - q[2]) ** 2 : 0);
          if (Math.sqrt(square) < cutoff) expected.push([row, column, Math.sqrt(square)]);
        });
      });
      const found = closePairs(Float64Array.from(a.flat()), Float64Array.from(b.flat()), dimensions, cutoff);
      const got = Array.from({ length: found.count }, (_, k) => [found.rows[k], found.columns[k], found.distancesM[k]]);
      assert.deepEqual(got, expected);
    }),
  );
});

test("a point without a place is near nothing", () => {
  const nowhere = Float64Array.of(Number.NaN, 0, 0);
  const here = Float64Array.of(0, 0, 0, Number.NaN, Number.NaN, Number.NaN);
  assert.equal(closePairs(nowhere, here, 3, 50).count, 0);
  assert.equal(closePairs(Float64Array.of(1, 0, 0), here, 3, 50).count, 1);
});
