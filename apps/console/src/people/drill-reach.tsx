// Whom a drill may tell and by what: these people, these channels, and nobody else.
import { Channel, type DrillReach, type Person, paths } from "@atalaya/protocol";
import { type FormEvent, type ReactNode, useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { ask } from "../link/api.ts";
import { useAsked, wasDone } from "../link/asked.ts";
import { useShown } from "../link/store.ts";
import { clock } from "../words/figures.ts";
import { catalogues } from "../words/words.ts";

function withOrWithout<T>(list: readonly T[], item: T, on: boolean): readonly T[] {
  return on ? [...list, item] : list.filter((known) => known !== item);
}

export function DrillReachForm({ people }: { readonly people: readonly Person[] }): ReactNode {
  const { language, sector } = useShown();
  const words = catalogues[language].people;
  const { value: reach, load } = useAsked<DrillReach>(paths.drillScope, 0);
  const [draft, setDraft] = useState<Pick<DrillReach, "channels" | "people">>();
  const [saved, setSaved] = useState(false);
  useEffect(() => {
    if (reach !== undefined) setDraft({ channels: reach.channels, people: reach.people });
  }, [reach]);
  if (draft === undefined) return null;
  const change = (part: Partial<typeof draft>): void => {
    setSaved(false);
    setDraft({ ...draft, ...part });
  };
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    // Who was removed since is reached by nothing, and is not named again.
    const known = draft.people.filter((id) => people.some((person) => person.id === id));
    if (!wasDone(await ask("PUT", paths.drillScope, { channels: draft.channels, people: known }))) return;
    await load();
    setSaved(true);
  };
  const chosen = draft.people.filter((id) => people.some((person) => person.id === id));
  return (
    <form className="stacked" data-form="drill" onSubmit={(event) => void save(event)}>
      <p className="quiet">{words.drill.hint}</p>
      {reach?.pausedMs === undefined ? null : (
        <p className="gap" role="status">
          ◆ {words.drill.paused(clock(reach.pausedMs, sector?.timeZone))}
        </p>
      )}
      <fieldset>
        <legend>{words.drill.channels}</legend>
        {Channel.options.map((channel) => (
          <label key={channel} className="tick">
            <input
              type="checkbox"
              name={`channel-${channel}`}
              checked={draft.channels.includes(channel)}
              onChange={({ target }) => change({ channels: [...withOrWithout(draft.channels, channel, target.checked)] })}
            />
            {words.channel[channel]}
          </label>
        ))}
      </fieldset>
      <fieldset>
        <legend>{words.drill.people}</legend>
        {people.length < 2 ? null : (
          <label className="tick">
            <input
              type="checkbox"
              name="everybody"
              checked={chosen.length === people.length}
              onChange={({ target }) => change({ people: target.checked ? people.map(({ id }) => id) : [] })}
            />
            {words.drill.all}
          </label>
        )}
        {people.map(({ id, name, team }) => (
          <label key={id} className="tick">
            <input
              type="checkbox"
              name={`person-${id}`}
              checked={draft.people.includes(id)}
              onChange={({ target }) => change({ people: [...withOrWithout(draft.people, id, target.checked)] })}
            />
            <span>
              {name} <span className="quiet">{team}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <p>
        {chosen.length === 0 || draft.channels.length === 0
          ? words.drill.nobody
          : words.drill.reaches(chosen.length, draft.channels.length)}
      </p>
      <div className="row">
        <Button type="submit" className="primary">
          {words.save}
        </Button>
        {saved ? (
          <span role="status" className="quiet said">
            {words.saved}
          </span>
        ) : null}
      </div>
    </form>
  );
}
