// One person of the shift: what is open, what they carry, until when their training holds, and what was arranged for them.
import { type PersonReadiness, paths, type Readiness, type TrainingState } from "@atalaya/protocol";
import { type FormEvent, type ReactNode, useState } from "react";
import { Button } from "react-aria-components";
import { ask } from "../link/api.ts";
import { wasDone } from "../link/asked.ts";
import { hasRight, useShown } from "../link/store.ts";
import { dayAndClock } from "../words/figures.ts";
import { catalogues } from "../words/words.ts";
import { KitMark } from "./kit-mark.tsx";
import { Remedies } from "./remedies.tsx";

const DAY = /^\d{4}-\d{2}-\d{2}$/;

function Training(props: { readonly personId: string; readonly training: TrainingState; readonly onDone: () => Promise<void> }): ReactNode {
  const { personId, training, onDone } = props;
  const { language, user } = useShown();
  const words = catalogues[language].readiness;
  const [until, setUntil] = useState(training.until ?? "");
  const read = until.trim() === "" || (DAY.test(until.trim()) && !Number.isNaN(Date.parse(until.trim())));
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!read) return;
    const body = { kind: training.kind, until: until.trim() === "" ? null : until.trim() };
    if (wasDone(await ask("PUT", paths.training(personId), body))) await onDone();
  };
  return (
    <form className="row end" data-training={training.kind} onSubmit={(event) => void save(event)}>
      <label className="grow">
        {words.trainingKind[training.kind]}
        {training.by === undefined ? null : <span className="quiet"> {words.person.byWhom(training.by)}</span>}
        <input
          name={`until-${training.kind}`}
          placeholder="2026-01-31"
          title={words.person.day}
          readOnly={!hasRight(user, "supervisor")}
          value={until}
          onChange={({ target }) => setUntil(target.value)}
        />
        {read ? null : <span className="gap">{words.person.dayUnread}</span>}
      </label>
      {hasRight(user, "supervisor") ? <Button type="submit">{words.person.trainingSave}</Button> : null}
    </form>
  );
}

export function PersonPane(props: {
  readonly person: PersonReadiness;
  readonly readiness: Readiness;
  readonly onDone: () => Promise<void>;
  readonly onClose: () => void;
}): ReactNode {
  const { person, readiness, onDone, onClose } = props;
  const { language, sector } = useShown();
  const words = catalogues[language].readiness;
  return (
    <div data-person-pane={person.personId}>
      <header>
        <h2>
          {person.name}{" "}
          <span>{[person.role, person.team, person.leader ? words.leaderMark : ""].filter((part) => part !== "").join(", ")}</span>
        </h2>
        <Button onPress={onClose}>{words.person.close}</Button>
      </header>
      <h3>{words.person.open}</h3>
      <div className="padded stack">
        {person.needs.length === 0 ? (
          <p>{words.person.nothing}</p>
        ) : (
          <Remedies person={person} readiness={readiness} needs={person.needs} onDone={onDone} />
        )}
      </div>
      <h3>{words.person.carry}</h3>
      <dl className="rows">
        {person.kit.map((item) => (
          <div key={item.itemId}>
            <dt>
              <KitMark state={item.state} /> {readiness.items.find(({ id }) => id === item.itemId)?.name[language] ?? item.itemId}
            </dt>
            <dd>
              {words.kit[item.state]}
              {item.have === undefined ? "" : `, ${words.haveOf(item.have, item.quantity)}`}
              {item.endsOn === undefined ? "" : `, ${words.endsOn(item.endsOn)}`}
            </dd>
          </div>
        ))}
      </dl>
      <h3>{words.person.training}</h3>
      <div className="padded stack">
        {person.training.map((training) => (
          <Training key={`${training.kind}-${training.until ?? ""}`} personId={person.personId} training={training} onDone={onDone} />
        ))}
      </div>
      {person.remedies.length === 0 ? null : (
        <>
          <h3>{words.person.remedies}</h3>
          <ul className="changes">
            {person.remedies.map(({ id, text, by, timeMs }) => (
              <li key={id}>
                <span>{text}</span>
                <span className="quiet">
                  {by}, {dayAndClock(timeMs, sector?.timeZone).slice(0, 16)}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
