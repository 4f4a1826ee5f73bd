// Where a person is, keyed by an officer who was told: on the map, as a grid reference, coordinates or a post.
import { type Person, paths } from "@atalaya/protocol";
import { type FormEvent, type ReactNode, useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { ask } from "../link/api.ts";
import { wasDone } from "../link/asked.ts";
import { useShown } from "../link/store.ts";
import { placeOf } from "../reports/voice.ts";
import { grid } from "../words/figures.ts";
import { catalogues } from "../words/words.ts";
import type { OnMap } from "./on-map.ts";
import { basisText } from "./standing.ts";

export function PlaceForm(props: { readonly person: Person; readonly onMap: OnMap; readonly onDone: () => Promise<void> }): ReactNode {
  const { person, onMap, onDone } = props;
  const { language, zones } = useShown();
  const words = catalogues[language].people;
  const [text, setText] = useState("");
  const [error, setError] = useState("");
  const place = placeOf(text, zones, error === "" ? undefined : Number(error));
  useEffect(() => {
    if (!person.onShift) return undefined;
    onMap({ take: (latDeg, lonDeg) => setText(`${latDeg.toFixed(6)}, ${lonDeg.toFixed(6)}`) });
    return () => onMap(undefined);
  }, [onMap, person.onShift]);
  const { latDeg, lonDeg, errorM } = place ?? {};
  useEffect(() => {
    useShown.setState({
      sketch:
        latDeg === undefined || lonDeg === undefined
          ? undefined
          : {
              id: "sketch",
              name: person.name,
              kind: "area",
              shape: { type: "circle", centre: { latDeg, lonDeg }, radiusM: Math.max(10, errorM ?? 0) },
            },
    });
    return () => useShown.setState({ sketch: undefined });
  }, [latDeg, lonDeg, errorM, person.name]);
  const go = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (place === undefined) return;
    const body = { latDeg: place.latDeg, lonDeg: place.lonDeg, errorM: place.errorM };
    if (!wasDone(await ask("PUT", paths.personPlace(person.id), body))) return;
    setText("");
    await onDone();
  };
  return (
    <section aria-label={words.where}>
      <h3>{words.where}</h3>
      <p className="padded">
        {basisText(person, zones, words)}
        {person.position === undefined ? null : (
          <>
            {" "}
            <span className="quiet">
              {words.placeSource[person.position.source]} · {grid(person.position.latDeg, person.position.lonDeg)}
            </span>
          </>
        )}
      </p>
      {person.onShift ? (
        <form className="stacked" onSubmit={(event) => void go(event)}>
          <label>
            {words.placeText}
            <input name="place" required autoComplete="off" value={text} onChange={({ target }) => setText(target.value)} />
            {text !== "" && place === undefined ? (
              <span className="refusal">{words.placeUnread}</span>
            ) : (
              <span className="quiet">{words.placeHint}</span>
            )}
          </label>
          <label>
            {words.placeError}
            <input
              name="placeError"
              type="number"
              min={0}
              max={50_000}
              placeholder={place === undefined ? undefined : String(Math.round(place.errorM))}
              value={error}
              onChange={({ target }) => setError(target.value)}
            />
          </label>
          <div className="row">
            <Button type="submit">{words.placeGo}</Button>
          </div>
        </form>
      ) : (
        <p className="quiet padded">{words.placeOff}</p>
      )}
    </section>
  );
}
