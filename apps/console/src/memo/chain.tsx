// What it rests on, drawn: documents at the left, the one that cites above the one that it cites, and what was made of them at the right.
import type { MemoSource } from "@atalaya/protocol";
import type { ReactNode } from "react";
import { useShown } from "../link/store.ts";
import { catalogues } from "../words/words.ts";
import { restsOn } from "./rests-on.ts";

const WIDTH = 286;
const BOX = { x: 16, width: 118, height: 26, step: 42 } as const;
const TARGET = { x: 206, width: 78, height: 28 } as const;
const TEXT_MOST = 17;

function cut(text: string): string {
  return text.length > TEXT_MOST ? `${text.slice(0, TEXT_MOST - 1)}…` : text;
}

export function Chain(props: {
  readonly from: readonly string[];
  readonly sources: readonly MemoSource[];
  /** The number of the claim or the bulletin; absent: the documents alone. */
  readonly target?: string;
}): ReactNode {
  const { from, sources, target } = props;
  const { memo } = catalogues[useShown(({ language }) => language)];
  const { boxes, more, cites, drawn } = restsOn(from, sources);
  if (boxes.length === 0) return null;
  const height = boxes.length * BOX.step;
  const middle = (row: number): number => row * BOX.step + BOX.step / 2;
  const goal = drawn.length === 0 ? height / 2 : (middle(drawn[0] ?? 0) + middle(drawn.at(-1) ?? 0)) / 2;
  const title = (row: number): string => boxes[row]?.title ?? "";
  // Two documents of a kind are told apart by their titles.
  const label = ({ kind, title: own }: MemoSource): string =>
    boxes.filter((other) => other.kind === kind).length > 1 ? cut(own) : memo.box[kind];
  const told = cites.map(({ from: a, to: b }) => memo.chain.citesLine(title(a), title(b))).join("; ");
  return (
    <figure className="chain">
      <svg
        viewBox={`0 0 ${WIDTH} ${height}`}
        role="img"
        aria-label={told === "" ? boxes.map((box) => box.title).join(", ") : memo.chain.picture(told)}
      >
        {(target === undefined ? [] : drawn).map((row, k) => {
          // Each line has a way of its own, so that two are seen to be two.
          const bend = BOX.x + BOX.width + 26 + (k % 3) * 8;
          const end = goal + (k - (drawn.length - 1) / 2) * 5;
          return <path key={row} className="chain-line" d={`M${BOX.x + BOX.width} ${middle(row)}H${bend}V${end}H${TARGET.x}`} />;
        })}
        {cites.map(({ from: a, to: b }) => {
          const near = Math.abs(a - b) === 1;
          const [top, bottom] = [Math.min(a, b), Math.max(a, b)];
          const x = BOX.x + BOX.width / 2;
          return (
            <g key={`${a}-${b}`}>
              <path
                className="chain-cites"
                d={
                  near
                    ? `M${x} ${middle(top) + BOX.height / 2}V${middle(bottom) - BOX.height / 2}`
                    : `M${BOX.x} ${middle(top)}H${BOX.x - 10}V${middle(bottom)}H${BOX.x}`
                }
              />
              {near ? (
                <text className="chain-word" x={x + 6} y={(middle(top) + middle(bottom)) / 2 + 4}>
                  {memo.chain.cites}
                </text>
              ) : null}
            </g>
          );
        })}
        {boxes.map((box, row) => (
          <g key={box.id} className={box.standing === "standing" ? "" : "chain-gone"}>
            <title>{box.title}</title>
            <rect className="chain-box" x={BOX.x} y={middle(row) - BOX.height / 2} width={BOX.width} height={BOX.height} rx="6" />
            <text x={BOX.x + BOX.width / 2} y={middle(row) + 4} textAnchor="middle">
              {box.standing === "standing" ? "" : "⊘ "}
              {label(box)}
            </text>
          </g>
        ))}
        {target === undefined ? null : (
          <>
            <rect className="chain-box" x={TARGET.x} y={goal - TARGET.height / 2} width={TARGET.width} height={TARGET.height} rx="6" />
            <text className="chain-target" x={TARGET.x + TARGET.width / 2} y={goal + 4} textAnchor="middle">
              {target}
            </text>
          </>
        )}
      </svg>
      {more === 0 ? null : <figcaption className="quiet">+ {more}</figcaption>}
    </figure>
  );
}
