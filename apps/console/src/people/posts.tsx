// Who stands at which post: whose own place is not known is warned by it.
import { type Person, paths, type Zone } from "@atalaya/protocol";
import { type ReactNode, useRef, useState } from "react";
import { Button } from "react-aria-components";
import { ask } from "../link/api.ts";
import { wasDone } from "../link/asked.ts";
import { useShown } from "../link/store.ts";
import { catalogues } from "../words/words.ts";

export function PostList(props: {
  readonly people: readonly Person[];
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
}): ReactNode {
  const { people, chosen, onChoose } = props;
  const { language, zones } = useShown();
  const words = catalogues[language].people;
  const posts = zones.filter(({ kind }) => kind === "post");
  if (posts.length === 0) return <p className="quiet padded">{words.noPosts}</p>;
  return (
    <ul className="list">
      {posts.map(({ id, name }) => {
        const staff = people.filter((person) => person.posts.includes(id));
        return (
          <li key={id} data-post={id} className={chosen === id ? "selected" : ""}>
            <Button
              className="plain grow report-row"
              onPress={() => onChoose(id)}
              {...(chosen === id ? { "aria-current": "true" as const } : {})}
            >
              <span>
                <strong>{name}</strong> <span className="quiet">{words.staff(staff.length)}</span>
              </span>
              <span className="quiet">{staff.length === 0 ? "–" : staff.map((person) => person.name).join(", ")}</span>
            </Button>
          </li>
        );
      })}
    </ul>
  );
}

/** Each tick is kept at once. */
export function PostStaff(props: {
  readonly post: Zone;
  readonly people: readonly Person[];
  readonly onDone: () => Promise<void>;
}): ReactNode {
  const { post, people, onDone } = props;
  const words = catalogues[useShown(({ language }) => language)].people;
  const staff = people.filter(({ posts }) => posts.includes(post.id)).map(({ id }) => id);
  // What was ticked while the hub has not answered yet: the next tick builds on it.
  const [wanted, setWanted] = useState<readonly string[]>();
  const last = useRef<Promise<unknown>>(Promise.resolve());
  const shown = wanted ?? staff;
  const set = (id: string, on: boolean): void => {
    const next = on ? [...shown, id] : shown.filter((known) => known !== id);
    setWanted(next);
    const saying = last.current.then(async () => {
      wasDone(await ask("PUT", paths.staff(post.id), { people: next }));
      await onDone();
      if (last.current === saying) setWanted(undefined);
    });
    last.current = saying;
  };
  return (
    <>
      <header>
        <h2>{words.staffTitle(post.name)}</h2>
      </header>
      <p className="quiet padded">{words.staffHint}</p>
      <div className="padded stack">
        {people.map(({ id, name, team, onShift }) => (
          <label key={id} className="tick">
            <input type="checkbox" name={`staff-${id}`} checked={shown.includes(id)} onChange={({ target }) => set(id, target.checked)} />
            <span>
              {name} <span className="quiet">{[team, onShift ? "" : words.off].filter((part) => part !== "").join(", ")}</span>
            </span>
          </label>
        ))}
        {people.length === 0 ? <p className="quiet">{words.none}</p> : null}
      </div>
    </>
  );
}
