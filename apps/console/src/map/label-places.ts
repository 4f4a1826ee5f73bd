// Where labels go: beside their marks, never one over another; which stand further off, at the end of a line; and which are left out when there is no room.

export interface Wanted {
  readonly number: number;
  /** Middle of the mark, and size of the label, px. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Distance from the middle of the mark that keeps clear of it, px. */
  readonly clear: number;
  /** The lowest is placed first. */
  readonly rank: number;
  /** Never left out: what is in danger, and what was chosen. Without room beside its mark it stands further off. */
  readonly always: boolean;
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface Kept {
  slot: number;
  /** Since when its slot has been taken by something else; absent: it is free. */
  blockedMs?: number;
  /** When it was left out; absent: it is shown. */
  droppedMs?: number;
}

/** A slot is kept until a mark has stood in it for this long, and what was left out stays out for as long: labels do not dance. From under a text they move at once. */
const PATIENCE_MS = 1000;
/** Marks that a label may rather cover than one other label. */
const TEXT = 20;
/** North-east, south-east, south-west, north-west. */
const SLOTS = [
  [1, -1],
  [1, 1],
  [-1, 1],
  [-1, -1],
] as const;
/** Further off, in heights of the label, and in how many directions around: for labels that must be shown. */
const RINGS: readonly number[] = [1.3, 2.5, 3.9, 5.5, 7.5];
const DIRECTIONS = 16;
const FAR_SLOTS = RINGS.length * DIRECTIONS;

function overlaps(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** Beyond the four slots: the box whose nearest corner or edge lies on a ring around the mark. */
function farBox({ x, y, width, height }: Wanted, slot: number): Box {
  const ring = height * (RINGS[Math.floor(slot / DIRECTIONS)] ?? 0);
  const angle = ((slot % DIRECTIONS) / DIRECTIONS) * 2 * Math.PI;
  const [east, south] = [Math.cos(angle), Math.sin(angle)];
  const left = x + east * (ring + width / 2) - width / 2;
  const top = y + south * (ring + height / 2) - height / 2;
  return { left, top, right: left + width, bottom: top + height };
}

function boxOf(label: Wanted, slot: number): Box {
  if (slot >= SLOTS.length) return farBox(label, slot - SLOTS.length);
  const { x, y, width, height, clear } = label;
  const [east, south] = SLOTS[slot] ?? SLOTS[0];
  const left = east > 0 ? x + clear : x - clear - width;
  const top = south > 0 ? y + clear - 8 : y - clear + 8 - height;
  return { left, top, right: left + width, bottom: top + height };
}

/** The line from a mark to its label, [from x, from y, to x, to y] in px; undefined where the label stands beside it. */
export function leader({ x, y, clear }: Wanted, box: Box): readonly [number, number, number, number] | undefined {
  const toX = Math.min(box.right, Math.max(box.left, x));
  const toY = Math.min(box.bottom, Math.max(box.top, y));
  const apart = Math.hypot(toX - x, toY - y);
  if (apart < clear + 8) return undefined;
  return [x + ((toX - x) * clear) / apart, y + ((toY - y) * clear) / apart, toX, toY];
}

export class LabelPlaces {
  readonly #kept = new Map<number, Kept>();

  /** Boxes of the labels that are shown, within `map`. `marks` are what no label may cover, but for those that are always shown. */
  place(wanted: readonly Wanted[], marks: readonly Box[], map: Box, nowMs: number): ReadonlyMap<number, Box> {
    const placed = new Map<number, Box>();
    const taken: Box[] = [];
    // Where something must be covered, rather a mark than a text: half a text is read wrong.
    const blocks = (box: Box): number => {
      const cut = box.left < map.left || box.right > map.right || box.top < map.top || box.bottom > map.bottom;
      const texts = taken.reduce((sum, other) => sum + (overlaps(box, other) ? TEXT : 0), cut ? TEXT : 0);
      return marks.reduce((sum, other) => sum + (overlaps(box, other) ? 1 : 0), texts);
    };
    for (const label of wanted.toSorted((a, b) => a.rank - b.rank || a.number - b.number)) {
      const box = this.#choose(label, blocks, nowMs);
      if (box === undefined) continue;
      placed.set(label.number, box);
      taken.push(box);
    }
    const still = new Set(wanted.map(({ number }) => number));
    for (const number of this.#kept.keys()) if (!still.has(number)) this.#kept.delete(number);
    return placed;
  }

  #choose(label: Wanted, blocks: (box: Box) => number, nowMs: number): Box | undefined {
    const known = this.#kept.get(label.number);
    if (known?.droppedMs !== undefined && !label.always && nowMs - known.droppedMs < PATIENCE_MS) return undefined;
    if (known !== undefined && known.droppedMs === undefined) {
      const box = boxOf(label, known.slot);
      const count = blocks(box);
      if (count === 0) {
        delete known.blockedMs;
        return box;
      }
      known.blockedMs ??= nowMs;
      if (count < TEXT && nowMs - known.blockedMs < PATIENCE_MS) return box;
    }
    let best: { readonly slot: number; readonly box: Box; readonly blocks: number } | undefined;
    for (let slot = 0; slot < SLOTS.length + (label.always ? FAR_SLOTS : 0); slot += 1) {
      if (slot >= SLOTS.length && best !== undefined && best.blocks < TEXT) break;
      const box = boxOf(label, slot);
      const count = blocks(box);
      if (best === undefined || count < best.blocks) best = { slot, box, blocks: count };
    }
    if (best === undefined || (best.blocks > 0 && !label.always)) {
      this.#kept.set(label.number, { slot: known?.slot ?? 0, droppedMs: nowMs });
      return undefined;
    }
    this.#kept.set(label.number, { slot: best.slot });
    return best.box;
  }
}
