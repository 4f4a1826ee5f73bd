// A muster: the bulletin read aloud, those present ticked, and confirmed for all of them in one step.
import { type BulletinPerson, type BulletinVersion, paths } from "@atalaya/protocol";
import { type FormEvent, type ReactNode, useState } from "react";
import { Button } from "react-aria-components";
import { ask } from "../link/api.ts";
import { wasDone } from "../link/asked.ts";
import { useShown } from "../link/store.ts";
import { catalogues } from "../words/words.ts";
import { LANGUAGES, partTitle } from "./pieces.ts";
import { STEP_SHAPE } from "./people-table.tsx";

const ORDER = ["headline", "do", "fallen", "know", "not-know"];

/** Both languages in large letters, for whoever stands before the group. */
function ReadAloud({ version }: { readonly version: BulletinVersion }): ReactNode {
  const { muster } = catalogues[useShown(({ language }) => language)].bulletins;
  const { parts, actions, carry } = version;
  const keys = [...ORDER, ...parts.map(({ key }) => key).filter((key) => key.startsWith("extra-"))];
  return (
    <div className="read-aloud" role="region" aria-label={muster.readAloud} tabIndex={0}>
      {LANGUAGES.map((code) => {
        const { bulletins: words } = catalogues[code];
        return (
          <article key={code} lang={code}>
            {keys.map((key) => {
              const text = parts.find((part) => part.key === key)?.[code];
              if (text === undefined) return null;
              return key === "headline" ? (
                <p key={key}>
                  <strong>{text.text}</strong>
                </p>
              ) : (
                <p key={key}>
                  <span className="quiet">{partTitle(key, text.title, words)}. </span>
                  {text.text}
                </p>
              );
            })}
            {actions === undefined ? null : (
              <ol>
                {actions.map(({ id, words: both }) => (
                  <li key={id}>{both[code]}</li>
                ))}
              </ol>
            )}
            {carry === undefined ? null : (
              <p>
                <span className="quiet">{words.phone.carry}. </span>
                {carry.map((item) => `${item.quantity > 1 ? `${item.quantity} × ` : ""}${item.name[code]}`).join(", ")}.
              </p>
            )}
          </article>
        );
      })}
    </div>
  );
}

export function Muster(props: {
  readonly bulletinId: string;
  readonly version: BulletinVersion;
  readonly people: readonly BulletinPerson[];
  /** Whom this muster is of; empty: all who owe it. */
  readonly of: readonly string[];
  readonly onDone: () => Promise<void>;
  readonly onClose: () => void;
}): ReactNode {
  const { bulletinId, version, people, of, onDone, onClose } = props;
  const { bulletins: words } = catalogues[useShown(({ language }) => language)];
  const { muster } = words;
  // Made once: sent again after a broken link, it is one.
  const [id, setId] = useState(() => crypto.randomUUID());
  const [place, setPlace] = useState("");
  const [team, setTeam] = useState("");
  const [present, setPresent] = useState<readonly string[]>([]);
  const [done, setDone] = useState(0);
  const owing = people.filter(
    ({ personId, step }) => step !== "confirmed" && step !== "over" && (of.length === 0 || of.includes(personId)),
  );
  const teams = [...new Set(owing.map((person) => person.team))].sort();
  const listed = owing.filter((person) => team === "" || person.team === team);
  const ticked = present.filter((known) => listed.some(({ personId }) => personId === known));
  const confirm = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (ticked.length === 0) return;
    const body = { id, version: version.version, people: ticked, ...(place.trim() === "" ? {} : { place: place.trim() }) };
    if (!wasDone(await ask("POST", paths.bulletinMuster(bulletinId), body))) return;
    setDone(ticked.length);
    setPresent([]);
    setId(crypto.randomUUID());
    await onDone();
  };
  return (
    <form className="muster" data-form="muster" onSubmit={(event) => void confirm(event)}>
      <header className="row">
        <h2 className="grow">{muster.title}</h2>
        <Button onPress={onClose}>{words.carry.done}</Button>
      </header>
      <p className="padded">{muster.hint}</p>
      <ReadAloud version={version} />
      <div className="padded row end">
        <label>
          {muster.place}
          <input name="place" maxLength={80} autoComplete="off" value={place} onChange={({ target }) => setPlace(target.value)} />
        </label>
        {teams.length > 1 ? (
          <label>
            {muster.team}
            <select name="team" value={team} onChange={({ target }) => setTeam(target.value)}>
              <option value="">{muster.everyTeam}</option>
              {teams
                .filter((known) => known !== "")
                .map((known) => (
                  <option key={known} value={known}>
                    {known}
                  </option>
                ))}
            </select>
          </label>
        ) : null}
      </div>
      {listed.length === 0 ? <p className="padded">{muster.nobody}</p> : null}
      <div className="present">
        {listed.length > 1 ? (
          <label className="tick">
            <input
              type="checkbox"
              name="everybody"
              checked={ticked.length === listed.length}
              onChange={({ target }) => setPresent(target.checked ? listed.map(({ personId }) => personId) : [])}
            />
            {muster.all}
          </label>
        ) : null}
        {listed.map(({ personId, name, team: own, step, overdue }) => (
          <label key={personId} className="tick">
            <input
              type="checkbox"
              name={`present-${personId}`}
              checked={present.includes(personId)}
              onChange={({ target }) => setPresent(target.checked ? [...present, personId] : present.filter((known) => known !== personId))}
            />
            <span>
              <strong>{name}</strong> <span className="quiet">{own}</span>{" "}
              <span className={overdue ? "gap" : "quiet"}>
                {STEP_SHAPE[step]} {words.people.step[step]}
              </span>
            </span>
          </label>
        ))}
      </div>
      <div className="padded row">
        <Button type="submit" className="primary" isDisabled={ticked.length === 0}>
          {muster.present(ticked.length)}
        </Button>
        {done === 0 ? null : (
          <span role="status" className="said">
            ✓ {muster.done(done)}
          </span>
        )}
      </div>
    </form>
  );
}
