// The sector's own carry lists, by role and threat level: data that a supervisor changes.
import { type CarryList, type CarryLists, paths, ThreatLevel } from "@atalaya/protocol";
import { type ReactNode, useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { ask } from "../link/api.ts";
import { useAsked, wasDone } from "../link/asked.ts";
import { hasRight, useShown } from "../link/store.ts";
import { catalogues } from "../words/words.ts";
import { CarryFields } from "./carry-fields.tsx";
import { isWholeList, USUAL_ITEMS } from "./carry-items.ts";

const MAX_LISTS = 60;

export function ListsEditor({ roles, onDone }: { readonly roles: readonly string[]; readonly onDone: () => Promise<void> }): ReactNode {
  const { language, user } = useShown();
  const words = catalogues[language].readiness;
  const { lists: text } = words;
  const { value, load } = useAsked<CarryLists>(paths.carryLists, 0);
  const [draft, setDraft] = useState<readonly CarryList[]>();
  const [saved, setSaved] = useState(false);
  const mayEdit = hasRight(user, "supervisor");
  useEffect(() => {
    if (value !== undefined) setDraft(value.lists);
  }, [value]);
  if (draft === undefined) return null;
  const change = (next: readonly CarryList[]): void => {
    setSaved(false);
    setDraft(next);
  };
  const set = (at: number, part: Partial<CarryList>): void => change(draft.map((list, k) => (k === at ? { ...list, ...part } : list)));
  const whole = draft.every(({ items }) => isWholeList(items));
  const known = draft.flatMap(({ items }) => items);
  const save = async (): Promise<void> => {
    if (!wasDone(await ask("PUT", paths.carryLists, { lists: draft }))) return;
    await Promise.all([load(), onDone()]);
    setSaved(true);
  };
  return (
    <div className="padded lists-editor" data-lists>
      <h2>{text.title}</h2>
      <p className="quiet">{text.hint}</p>
      {mayEdit ? null : <p className="gap">{text.readOnly}</p>}
      {draft.length === 0 ? <p>{text.none}</p> : null}
      <fieldset disabled={!mayEdit} className="bare">
        <div className="rule-cards">
          {draft.map((list, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a list is what stands at its place until it is saved.
            <section key={at} className="rule-card" data-list={at}>
              <h3>
                {list.role === "" ? text.everyRole : list.role}, {words.threat.level[list.level]}
              </h3>
              <div className="two">
                <label>
                  {text.role}
                  <input
                    name="role"
                    maxLength={80}
                    list="roles-known"
                    placeholder={text.everyRole}
                    value={list.role}
                    onChange={({ target }) => set(at, { role: target.value })}
                  />
                </label>
                <label>
                  {text.level}
                  <select name="level" value={list.level} onChange={({ target }) => set(at, { level: ThreatLevel.parse(target.value) })}>
                    {ThreatLevel.options.map((level) => (
                      <option key={level} value={level}>
                        {words.threat.level[level]}
                      </option>
                    ))}
                  </select>
                </label>
              </div>
              <CarryFields items={list.items} known={known} onChange={(items) => set(at, { items: [...items] })} />
              <Button onPress={() => change(draft.filter((_, k) => k !== at))}>{text.remove}</Button>
            </section>
          ))}
        </div>
      </fieldset>
      <datalist id="roles-known">
        {roles.map((role) => (
          <option key={role} value={role} />
        ))}
      </datalist>
      {mayEdit ? (
        <div className="row">
          {draft.length < MAX_LISTS ? (
            <Button onPress={() => change([...draft, { role: "", level: "normal", items: [...USUAL_ITEMS] }])}>{text.add}</Button>
          ) : null}
          <Button className="primary" isDisabled={!whole} onPress={() => void save()}>
            {text.save}
          </Button>
          {whole ? null : <span className="gap said">{text.incomplete}</span>}
          {saved ? (
            <span role="status" className="quiet said">
              {text.saved}
            </span>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}
