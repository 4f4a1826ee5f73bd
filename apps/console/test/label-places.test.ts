// Labels: four slots, none over another, what matters first, and nothing that dances.
import assert from "node:assert/strict";
import test from "node:test";
import { type Box, LabelPlaces, leader, type Wanted } from "../src/map/label-places.ts";

function label(number: number, x: number, y: number, change: Partial<Wanted> = {}): Wanted {
  return { number, x, y, width: 100, height: 30, clear: 12, rank: 5, always: false, ...change };
}
const MAP: Box = { left: 0, top: 0, right: 800, bottom: 600 };
const around = (x: number, y: number): Box => ({ left: x - 10, top: y - 10, right: x + 10, bottom: y + 10 });
const apart = (boxes: readonly Box[]): boolean =>
  boxes.every((a, k) => boxes.slice(k + 1).every((b) => a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top));

test("labels of near tracks take different slots and cover neither each other nor a mark", () => {
  const places = new LabelPlaces();
  const wanted = [label(1, 300, 300), label(2, 310, 305), label(3, 302, 312)];
  const marks = wanted.map(({ x, y }) => around(x, y));
  const placed = [...places.place(wanted, marks, MAP, 0).values()];
  assert.equal(placed.length, 3);
  assert.ok(apart([...placed]), "one label lies over another");
  for (const box of placed) for (const mark of marks) assert.ok(apart([box, mark]), "a label covers a mark");
});

test("without room the lowest rank stays out first, and what is in danger or chosen never does", () => {
  const places = new LabelPlaces();
  const crowd = Array.from({ length: 9 }, (_, k) => label(k + 1, 300 + k, 300, { rank: k, always: k === 8 }));
  const placed = places.place(crowd, [], MAP, 0);
  assert.ok(placed.has(1) && placed.has(9), "the first in rank and the one in danger");
  assert.ok(!placed.has(8) && placed.size < 9, "nothing was left out of a place with no room");
});

test("what is in danger and finds no room beside its mark stands further off at the end of a line, over no other label", () => {
  const places = new LabelPlaces();
  const crowd = Array.from({ length: 20 }, (_, k) => label(k + 1, 400 + 3 * k, 300 + (k % 5), { rank: 1, always: true }));
  const placed = places.place(
    crowd,
    crowd.map(({ x, y }) => around(x, y)),
    MAP,
    0,
  );
  assert.equal(placed.size, 20);
  assert.ok(apart([...placed.values()]), "one label lies over another");
  const lines = crowd.map((one) => leader(one, placed.get(one.number)!));
  assert.ok(lines.some((line) => line !== undefined) && lines.some((line) => line === undefined));
  crowd.forEach((one, k) => {
    const [fromX = one.x, fromY = one.y, toX, toY] = lines[k] ?? [];
    const box = placed.get(one.number)!;
    if (toX === undefined || toY === undefined) return;
    assert.ok(Math.abs(Math.hypot(fromX - one.x, fromY - one.y) - one.clear) < 1e-9, "the line begins at the mark's rings");
    assert.ok(toX >= box.left && toX <= box.right && toY >= box.top && toY <= box.bottom, "it ends at the label");
  });
});

test("a slot is kept until it has been blocked for a second", () => {
  const places = new LabelPlaces();
  const one = label(1, 300, 300);
  const before = places.place([one], [], MAP, 0).get(1);
  assert.ok(before !== undefined);
  const other = [around(before.left + 20, before.top + 10)];
  assert.deepEqual(places.place([one], other, MAP, 100).get(1), before);
  assert.deepEqual(places.place([one], other, MAP, 900).get(1), before);
  const after = places.place([one], other, MAP, 1200).get(1);
  assert.ok(after !== undefined && after.top !== before.top);
  assert.deepEqual(places.place([one], [], MAP, 1300).get(1), after, "it goes back and forth");
});

test("a label at the edge of the map stands where it can be read whole", () => {
  const places = new LabelPlaces();
  const corners = [label(1, 5, 5), label(2, 795, 5), label(3, 795, 595), label(4, 5, 595)];
  const placed = [...places.place(corners, [], MAP, 0).values()];
  assert.equal(placed.length, 4);
  for (const { left, top, right, bottom } of placed) assert.ok(left >= 0 && top >= 0 && right <= 800 && bottom <= 600);
});
