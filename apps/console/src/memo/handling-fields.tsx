// How something may be handed on: its marking in the words of TLP 2.0, and the organisations outside that may have it.
import { type Handling, TLP } from "@atalaya/protocol";
import { type ReactNode, useState } from "react";
import { useShown } from "../link/store.ts";
import { catalogues } from "../words/words.ts";

/** Lines as they are typed; empty ones are none, and none stands twice. */
export function linesOf(text: string): string[] {
  return [...new Set(text.split("\n").map((line) => line.trim().slice(0, 80)))].filter((line) => line !== "");
}

export function HandlingFields(props: {
  readonly handling: Handling;
  readonly onChange: (handling: Handling) => void;
  readonly readOnly?: boolean;
}): ReactNode {
  const { handling, onChange, readOnly = false } = props;
  const { memo } = catalogues[useShown(({ language }) => language)];
  const [lines, setLines] = useState(handling.releasableTo.join("\n"));
  const open = handling.tlp !== "RED" && handling.tlp !== "AMBER+STRICT";
  return (
    <>
      <label>
        {memo.marking}
        <select
          name="tlp"
          disabled={readOnly}
          value={handling.tlp}
          onChange={({ target }) => {
            const tlp = TLP.find((known) => known === target.value) ?? "RED";
            // RED and AMBER+STRICT leave the organisation under no name.
            onChange({ tlp, releasableTo: tlp === "RED" || tlp === "AMBER+STRICT" ? [] : linesOf(lines) });
          }}
        >
          {TLP.map((tlp) => (
            <option key={tlp} value={tlp}>
              {memo.tlp[tlp]}
            </option>
          ))}
        </select>
      </label>
      {open ? (
        <label>
          {memo.releasable}
          <textarea
            name="releasable"
            rows={2}
            readOnly={readOnly}
            value={lines}
            onChange={({ target }) => {
              setLines(target.value);
              onChange({ ...handling, releasableTo: linesOf(target.value) });
            }}
          />
          <span className="quiet">{memo.releasableHint}</span>
        </label>
      ) : null}
    </>
  );
}
