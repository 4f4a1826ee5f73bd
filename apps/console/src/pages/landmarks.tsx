// Landmarks: places that callers and reporters name, in both languages. Nobody is warned of one by itself.
import { type Landmark, paths } from "@atalaya/protocol";
import { type FormEvent, type ReactNode, useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { ask } from "../link/api.ts";
import { useAsked, wasDone } from "../link/asked.ts";
import { useShown } from "../link/store.ts";
import type { OnMap } from "../people/on-map.ts";
import { placeOf } from "../reports/voice.ts";
import { grid, metres } from "../words/figures.ts";
import { catalogues } from "../words/words.ts";
import { newId } from "./new-id.ts";

interface Draft {
  readonly id: string | undefined;
  readonly nameEn: string;
  readonly nameEs: string;
  readonly place: string;
  readonly errorM: string;
}

const EMPTY: Draft = { id: undefined, nameEn: "", nameEs: "", place: "", errorM: "50" };

function draftOf({ id, nameEn, nameEs, latDeg, lonDeg, errorM }: Landmark): Draft {
  return { id, nameEn, nameEs, place: `${latDeg}, ${lonDeg}`, errorM: String(errorM) };
}

export function Landmarks({ onMap, may }: { readonly onMap: OnMap; readonly may: boolean }): ReactNode {
  const { language } = useShown();
  const all = catalogues[language];
  const words = all.landmarks;
  const { value: landmarks = [], load } = useAsked<readonly Landmark[]>(paths.landmarks, 0);
  const [draft, setDraft] = useState<Draft>();
  const isOpen = draft !== undefined;
  const change = (part: Partial<Draft>): void => setDraft((before) => (before === undefined ? before : { ...before, ...part }));
  useEffect(() => {
    if (!isOpen) return undefined;
    onMap({ take: (latDeg, lonDeg) => change({ place: `${latDeg.toFixed(6)}, ${lonDeg.toFixed(6)}` }) });
    return () => onMap(undefined);
  }, [onMap, isOpen]);
  // Coordinates or a grid reference: a landmark is not placed by another's name.
  const place = draft === undefined ? undefined : placeOf(draft.place, [], undefined);
  const { latDeg, lonDeg } = place ?? {};
  const radiusM = Math.max(10, Number(draft?.errorM ?? 0));
  useEffect(() => {
    if (!isOpen) return undefined;
    useShown.setState({
      sketch:
        latDeg === undefined || lonDeg === undefined
          ? undefined
          : { id: "sketch", name: "", kind: "area", shape: { type: "circle", centre: { latDeg, lonDeg }, radiusM } },
    });
    return () => useShown.setState({ sketch: undefined });
  }, [isOpen, latDeg, lonDeg, radiusM]);
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (draft === undefined || latDeg === undefined || lonDeg === undefined) return;
    const id =
      draft.id ??
      newId(
        draft.nameEn,
        landmarks.map((known) => known.id),
        "landmark",
      );
    const landmark: Landmark = {
      id,
      nameEn: draft.nameEn,
      // A name that is the same in both languages is typed once.
      nameEs: draft.nameEs.trim() === "" ? draft.nameEn : draft.nameEs,
      latDeg,
      lonDeg,
      errorM: Number(draft.errorM),
    };
    if (!wasDone(await ask("PUT", paths.landmark(id), landmark))) return;
    setDraft(undefined);
    await load();
  };
  const remove = async (id: string): Promise<void> => {
    if (wasDone(await ask("DELETE", paths.landmark(id)))) await load();
  };
  const field = (key: "nameEn" | "nameEs" | "place", label: string): ReactNode => (
    <label>
      {label}
      <input
        name={key}
        maxLength={80}
        required={key !== "nameEs"}
        autoComplete="off"
        value={draft?.[key] ?? ""}
        onChange={({ target }) => change({ [key]: target.value })}
      />
    </label>
  );
  return (
    <section aria-label={words.title}>
      <h2>
        {words.title} <span>{landmarks.length}</span>
      </h2>
      {landmarks.length === 0 ? <p className="quiet padded">{words.none}</p> : null}
      <ul className="list">
        {landmarks.map((landmark) => (
          <li key={landmark.id} data-landmark={landmark.id}>
            <div className="grow">
              <strong>{language === "es" ? landmark.nameEs : landmark.nameEn}</strong>
              <p className="quiet">
                {grid(landmark.latDeg, landmark.lonDeg)} ± {metres(landmark.errorM)}
              </p>
            </div>
            {may ? (
              <>
                <Button onPress={() => setDraft(draftOf(landmark))}>{all.zones.edit}</Button>
                <Button onPress={() => void remove(landmark.id)}>{all.zones.remove}</Button>
              </>
            ) : null}
          </li>
        ))}
      </ul>
      {draft === undefined ? (
        may ? (
          <div className="row padded">
            <Button onPress={() => setDraft(EMPTY)}>{words.add}</Button>
          </div>
        ) : null
      ) : (
        <form className="padded stacked" data-form="landmark" onSubmit={(event) => void save(event)}>
          {field("nameEn", words.nameEn)}
          {field("nameEs", words.nameEs)}
          {field("place", words.place)}
          {draft.place !== "" && place === undefined ? <p className="refusal">{words.unread}</p> : null}
          <label>
            {words.error}
            <input
              name="landmarkError"
              type="number"
              min={1}
              max={50_000}
              required
              value={draft.errorM}
              onChange={({ target }) => change({ errorM: target.value })}
            />
          </label>
          <div className="row">
            <Button type="submit" className="primary">
              {all.zones.save}
            </Button>
            <Button onPress={() => setDraft(undefined)}>{all.zones.cancel}</Button>
          </div>
        </form>
      )}
    </section>
  );
}
