// What somebody carries: tapped once at the start of a shift, with what is missing and where to get it; and what else is open with them before they go.
import type { TrainingState } from "@atalaya/protocol";
import { LevelShape, StatusShape } from "@atalaya/web/marks";
import { countedText, numberWord } from "@atalaya/words";
import type { ReactNode } from "react";
import { memo } from "../device.ts";
import { isAnswered, isTold, missing, openRows, type Row, rowsOf, tapped, toldBy } from "../memo/kit.ts";
import { isWaiting } from "../queue/items.ts";
import { go, hubNow, useField } from "../state.ts";
import { calendarDay, clock, dateText, useWords, weekdayText } from "../words/words.ts";
import { Big, TopBar, useZone } from "./parts.tsx";

export function useRows(): readonly Row[] {
  const { kit, kitDraft, kitDates } = useField();
  const zone = useZone();
  return kit === undefined ? [] : rowsOf(kit, kitDraft, kitDates, calendarDay(hubNow(), zone));
}

function Shape({ state }: Pick<Row, "state">): ReactNode {
  if (state === "not-answered") return <StatusShape status="waiting" />;
  if (state === "missing") return <StatusShape status="off" />;
  return state === "has" ? <StatusShape status="normal" /> : <LevelShape level="caution" />;
}

/** What is missing of a thing, or until when it holds; and where to get it. */
function Detail({ row }: { readonly row: Row }): ReactNode {
  const words = useWords();
  const language = useField((shown) => shown.language);
  const remedies = useField(({ kit }) => kit?.remedies ?? []);
  const { item, have, endsOn, state } = row;
  const arranged = remedies.filter(({ itemId }) => itemId === item.id);
  const day = endsOn === undefined ? undefined : dateText(endsOn, language);
  const needs = state === "missing" || state === "ended";
  return (
    <>
      {day === undefined ? null : <span className="quiet">{state === "ended" ? words.carry.ended(day) : words.carry.endsOn(day)}</span>}
      {state === "missing" ? (
        <span>
          {have === 0 || have === undefined
            ? words.carry.haveNone
            : words.carry.have(numberWord(have, language), numberWord(item.quantity, language))}
        </span>
      ) : null}
      {needs && arranged.length === 0 ? (
        <span>{item.where === undefined ? words.carry.noWhere : words.carry.where(item.where[language])}</span>
      ) : null}
      {arranged.map(({ id, text, by }) => (
        <span key={id}>{words.carry.arranged(text, by)}</span>
      ))}
    </>
  );
}

export function CarryList(): ReactNode {
  const words = useWords();
  const language = useField((shown) => shown.language);
  const kit = useField((shown) => shown.kit);
  const rows = useRows();
  if (kit === undefined || rows.length === 0) return null;
  return (
    <section data-carry>
      <h2>
        {words.carry.tap}
        {kit.setBy === undefined ? null : <span className="quiet small">{words.carry.setBy(kit.setBy.number)}</span>}
      </h2>
      {rows.some(({ item }) => item.quantity > 1) ? <p className="hint">{words.carry.tapHint}</p> : null}
      <ul className="carry">
        {rows.map((row) => {
          const { item, state, have, endsOn } = row;
          const changed = item.was !== undefined && item.was !== item.quantity;
          return (
            <li key={item.id} className={state} data-item={item.id} data-item-state={state}>
              <button type="button" onClick={() => memo.answer(row, { have: tapped(row) })}>
                <span className="grow">
                  <span className={changed ? "changed" : ""}>{countedText(item, language)}</span>
                  <Detail row={row} />
                </span>
                <Shape state={state} />
              </button>
              {item.ends && have !== undefined && have > 0 && (endsOn === undefined || state === "ended") ? (
                <label>
                  {words.carry.date}
                  <input
                    type="date"
                    value={endsOn ?? ""}
                    onChange={({ target }) => {
                      if (/^2\d{3}-\d\d-\d\d$/.test(target.value)) memo.answer(row, { endsOn: target.value });
                    }}
                  />
                </label>
              ) : null}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** In one line what is missing: "second tourniquet" is left to people; here it is the thing, and how many of it. */
function missingText(rows: readonly Row[], language: "en" | "es"): string {
  return missing(rows)
    .map(({ item, have = 0 }) => countedText({ name: item.name, quantity: item.quantity - have }, language).toLowerCase())
    .join(", ");
}

/** The buttons under the list: "I have everything", then what is said to the supervisor. */
export function CarryButtons({ main }: { readonly main: boolean }): ReactNode {
  const words = useWords();
  const zone = useZone();
  const language = useField((shown) => shown.language);
  const { kit, kitDraft, items } = useField();
  const rows = useRows();
  if (kit === undefined || rows.length === 0) return null;
  if (!isAnswered(rows))
    return (
      <Big kind={main ? "main" : "plain"} name="have-all" onPress={() => memo.haveRest()}>
        {rows.some(({ have }) => have !== undefined) ? words.carry.rest : words.carry.all}
      </Big>
    );
  const message = toldBy(items, rows);
  const waits = message !== undefined && isWaiting(message);
  if (isTold(kit, rows, kitDraft) || message !== undefined)
    return (
      <p className="hint" role="status" data-kit-told={waits ? "waiting" : "told"}>
        {waits ? words.carry.waits : words.carry.sent(clock(message?.madeMs ?? kit.answeredMs ?? hubNow(), zone))}
      </p>
    );
  return (
    <Big kind={main ? "main" : "plain"} name="send-kit" onPress={() => void memo.tellKit()}>
      {words.carry.send(missing(rows).length === 0 ? words.carry.everything : words.carry.missing(missingText(rows, language)))}
    </Big>
  );
}

/** Whether the list is still to be tapped. */
export function useIsAsked(): boolean {
  const rows = useRows();
  return rows.length > 0 && !isAnswered(rows);
}

export function Carry(): ReactNode {
  const words = useWords();
  const kit = useField((shown) => shown.kit);
  return (
    <div className="screen">
      <TopBar title={words.carry.title} back />
      <main>
        {kit === undefined ? <p className="lead">{words.carry.unknown}</p> : null}
        {kit !== undefined && kit.items.length === 0 ? <p className="lead">{words.carry.none}</p> : null}
        <CarryList />
        <Trainings />
        <p className="hint">{words.carry.kept}</p>
      </main>
      <footer>
        <CarryButtons main />
      </footer>
    </div>
  );
}

function isOpenTraining({ state }: TrainingState): boolean {
  return state === "lapsed" || state === "ends-soon";
}

function Training({ training }: { readonly training: TrainingState }): ReactNode {
  const words = useWords();
  const language = useField((shown) => shown.language);
  const { kind, until, state } = training;
  const day = until === undefined ? "–" : dateText(until, language);
  return (
    <li>
      {state === "current" ? (
        <StatusShape status="normal" />
      ) : state === "not-known" ? (
        <StatusShape status="waiting" />
      ) : (
        <LevelShape level="caution" />
      )}
      <span className="grow">
        {words.carry.training[kind]}:{" "}
        {state === "lapsed"
          ? words.carry.trainingLapsed(day)
          : state === "not-known"
            ? words.carry.trainingNotKnown
            : words.carry.trainingSoon(day)}
      </span>
    </li>
  );
}

function Trainings(): ReactNode {
  const training = useField(({ kit }) => kit?.training ?? []);
  if (training.length === 0) return null;
  return (
    <ul className="steps">
      {training.map((one) => (
        <Training key={one.kind} training={one} />
      ))}
    </ul>
  );
}

/** Where they go, when somebody has set that down. */
export function Outing(): ReactNode {
  const words = useWords();
  const zone = useZone();
  const language = useField((shown) => shown.language);
  const outing = useField(({ kit }) => kit?.outing);
  if (outing === undefined) return null;
  const { name, postName, fromMs, untilMs, musterMs, musterPlace } = outing;
  return (
    <p className="outing" data-outing>
      <strong>{postName ?? name}</strong> ·{" "}
      {words.carry.times(weekdayText(fromMs, language, zone), clock(fromMs, zone), clock(untilMs, zone))}
      {musterPlace === undefined ? "" : ` · ${musterMs === undefined ? "" : `${clock(musterMs, zone)} `}${musterPlace}`}
    </p>
  );
}

/** What is open with this person while they are on shift: things, trainings, and what was arranged without a thing. */
export function OpenThings(): ReactNode {
  const words = useWords();
  const language = useField((shown) => shown.language);
  const kit = useField((shown) => shown.kit);
  const rows = useRows();
  const asked = useIsAsked();
  const open = openRows(rows);
  const trainings = (kit?.training ?? []).filter(isOpenTraining);
  const arranged = (kit?.remedies ?? []).filter(({ itemId }) => itemId === undefined || !rows.some(({ item }) => item.id === itemId));
  if (!asked && open.length + trainings.length + arranged.length === 0) return null;
  return (
    <button type="button" className="open-things" data-action="open-things" onClick={() => go({ name: "carry" })}>
      <strong>{asked ? words.carry.notAnswered : words.carry.open}</strong>
      <ul>
        {open.map((row) => (
          <li key={row.item.id} data-open-item={row.item.id}>
            <Shape state={row.state} />
            <span className="grow">
              {countedText(row.item, language)}
              <Detail row={row} />
            </span>
          </li>
        ))}
        {trainings.map((one) => (
          <Training key={one.kind} training={one} />
        ))}
        {arranged.map(({ id, text, by }) => (
          <li key={id}>
            <StatusShape status="normal" />
            <span className="grow">{words.carry.arranged(text, by)}</span>
          </li>
        ))}
      </ul>
    </button>
  );
}
