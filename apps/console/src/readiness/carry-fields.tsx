// A carry list as it is written: each thing in both languages, how many, whether it ends, and where to get one.
import type { CarryItem } from "@atalaya/protocol";
import type { ReactNode } from "react";
import { Button } from "react-aria-components";
import { useShown } from "../link/store.ts";
import { catalogues } from "../words/words.ts";
import { USUAL_ITEMS } from "./carry-items.ts";

const MAX_ITEMS = 24;

export function CarryFields(props: {
  readonly items: readonly CarryItem[];
  /** Things that other lists hold: the same thing keeps its id from list to list. */
  readonly known: readonly CarryItem[];
  readonly onChange: (items: readonly CarryItem[]) => void;
}): ReactNode {
  const { items, known, onChange } = props;
  const { language } = useShown();
  const { carry } = catalogues[language].bulletins;
  const change = (at: number, part: Partial<CarryItem>): void => onChange(items.map((item, k) => (k === at ? { ...item, ...part } : item)));
  const where = (at: number, { where: before }: CarryItem, key: "en" | "es", text: string): void => {
    const next = { ...(before ?? { en: "", es: "" }), [key]: text };
    const { where: _, ...rest } = items[at] ?? { where: undefined };
    onChange(items.map((item, k) => (k !== at ? item : next.en === "" && next.es === "" ? (rest as CarryItem) : { ...item, where: next })));
  };
  const offered = [...known, ...USUAL_ITEMS].filter(
    ({ id }, k, all) => all.findIndex((other) => other.id === id) === k && !items.some((item) => item.id === id),
  );
  return (
    <div className="carry-fields">
      {items.map((item, at) => (
        <fieldset key={item.id} data-item={item.id}>
          <legend>{item.name[language] === "" ? `${at + 1}` : item.name[language]}</legend>
          <div className="two">
            {(["en", "es"] as const).map((key) => (
              <label key={key}>
                {carry.name[key]}
                <input
                  lang={key}
                  name={`name-${key}`}
                  maxLength={120}
                  value={item.name[key]}
                  onChange={({ target }) => change(at, { name: { ...item.name, [key]: target.value } })}
                />
              </label>
            ))}
            {(["en", "es"] as const).map((key) => (
              <label key={key}>
                {carry.where[key]}
                <input
                  lang={key}
                  name={`where-${key}`}
                  maxLength={120}
                  value={item.where?.[key] ?? ""}
                  onChange={({ target }) => where(at, item, key, target.value)}
                />
              </label>
            ))}
          </div>
          <div className="row end">
            <label>
              {carry.quantity}
              <input
                name="quantity"
                type="number"
                min={1}
                max={99}
                value={item.quantity}
                onChange={({ target }) => change(at, { quantity: Math.min(99, Math.max(1, Math.round(Number(target.value)) || 1)) })}
              />
            </label>
            <label className="tick grow">
              <input type="checkbox" name="ends" checked={item.ends} onChange={({ target }) => change(at, { ends: target.checked })} />
              {carry.ends}
            </label>
            <Button aria-label={carry.remove(item.name[language])} onPress={() => onChange(items.filter((_, k) => k !== at))}>
              ×
            </Button>
          </div>
        </fieldset>
      ))}
      {items.length >= MAX_ITEMS ? null : (
        <label>
          {carry.addItem}
          <select
            name="add-item"
            value=""
            onChange={({ target }) => {
              const chosen = offered.find(({ id }) => id === target.value);
              onChange([
                ...items,
                chosen ?? { id: `own-${crypto.randomUUID().slice(0, 8)}`, name: { en: "", es: "" }, quantity: 1, ends: false },
              ]);
            }}
          >
            <option value="" hidden>
              –
            </option>
            {offered.map((item) => (
              <option key={item.id} value={item.id}>
                {item.name[language]}
              </option>
            ))}
            <option value="own">…</option>
          </select>
        </label>
      )}
    </div>
  );
}
