// The screen between two events: whether this phone can warn, and the one button that matters.
import type { DeviceCan } from "@atalaya/protocol";
import { LevelShape, StatusShape } from "@atalaya/web/marks";
import { type ReactNode, useEffect, useState } from "react";
import { prepareAim, startShift, wakeUp } from "../device.ts";
import { newsOf } from "../memo/bulletins.ts";
import { isWaiting } from "../queue/items.ts";
import { go, useField } from "../state.ts";
import { clock, useWords } from "../words/words.ts";
import { BulletinNews, useBulletins } from "./bulletins.tsx";
import { CarryButtons, CarryList, OpenThings, Outing, useIsAsked, useRows } from "./carry.tsx";
import { Big, TopBar, useZone } from "./parts.tsx";

const ABILITIES: readonly (keyof DeviceCan)[] = ["sound", "vibrate", "wakeLock", "compass", "position", "notifications"];

/** What it cannot do, with what that costs; what it can, in one line. */
export function Abilities(): ReactNode {
  const words = useWords();
  const can = useField((shown) => shown.can);
  const refused = useField((shown) => shown.refused);
  const able = ABILITIES.filter((ability) => can[ability]);
  const missing = ABILITIES.filter((ability) => !can[ability]);
  return (
    <ul className="abilities">
      {able.length === 0 ? null : (
        <li className="able">
          <StatusShape status="normal" />
          <span>{able.map((ability) => words.shift.can[ability].on).join(" · ")}</span>
        </li>
      )}
      {missing.map((ability) => (
        <li key={ability} data-missing={ability}>
          <LevelShape level="caution" />
          <span>
            <strong>{words.shift.can[ability].off}.</strong>{" "}
            {ability === "position" && refused.position
              ? words.shift.refusedPosition
              : ability === "compass" && refused.compass
                ? words.shift.refusedCompass
                : words.shift.can[ability].cost}
          </span>
        </li>
      ))}
    </ul>
  );
}

function useLinkedSince(): number {
  const linked = useField(({ silentSinceMs, connecting }) => silentSinceMs === undefined && !connecting);
  const [sinceMs, setSinceMs] = useState(Date.now());
  useEffect(() => {
    if (linked) setSinceMs(Date.now());
  }, [linked]);
  return sinceMs;
}

function Doors(): ReactNode {
  const words = useWords();
  const { reports, items, team, device, overdue, bulletinsSeen } = useField();
  const waiting = items.filter(isWaiting).length;
  const news = reports.some(
    ({ questions, outcome }) =>
      questions.some(({ answer }) => answer === undefined) || (outcome !== undefined && outcome.toldMs === undefined),
  );
  const unread = team.filter(({ openedMs, takenBackMs }) => openedMs === undefined && takenBackMs === undefined);
  const atRisk = unread.some((report) => report.atRisk);
  const late = overdue.reduce((sum, { people }) => sum + people.length, 0);
  const toRead = useBulletins().filter((bulletin) => newsOf(bulletin, bulletinsSeen) !== undefined).length;
  const hasList = useRows().length > 0;
  return (
    <nav className="doors">
      <button type="button" data-action="reports" onClick={() => go({ name: "reports" })}>
        {words.home.reports}
        {news ? <span className="tag standby">{words.home.news}</span> : null}
        {waiting > 0 ? <span className="tag">{words.home.waiting(waiting)}</span> : null}
      </button>
      {device?.person.leader === true ? (
        <button type="button" data-action="team" onClick={() => go({ name: "team" })}>
          {words.home.team}
          {unread.length > 0 ? (
            <span className={`tag ${atRisk ? "risk" : "standby"}`}>{atRisk ? words.team.atRisk : unread.length}</span>
          ) : null}
          {late > 0 ? <span className="tag standby">{words.overdue.count(late)}</span> : null}
        </button>
      ) : null}
      <button type="button" data-action="bulletins" onClick={() => go({ name: "bulletins" })}>
        {words.home.bulletins}
        {toRead > 0 ? <span className="tag standby">{toRead}</span> : null}
      </button>
      {hasList ? (
        <button type="button" data-action="carry" onClick={() => go({ name: "carry" })}>
          {words.home.carry}
        </button>
      ) : null}
      <button type="button" data-action="map" onClick={() => go({ name: "map" })}>
        {words.home.map}
      </button>
      <button type="button" data-action="settings" onClick={() => go({ name: "settings" })}>
        {words.home.settings}
      </button>
    </nav>
  );
}

export function Home(): ReactNode {
  const words = useWords();
  const zone = useZone();
  const { onShift, can, device, silentSinceMs, connecting, notices, problem } = useField();
  const linkedSinceMs = useLinkedSince();
  const aim = (): void => {
    prepareAim();
    go({ name: "aim" });
  };
  const asleep = onShift && !can.sound;
  // Before a shift the list comes first; it holds nobody up who has to go at once.
  const asked = useIsAsked();
  return (
    <div className="screen">
      <TopBar title={onShift ? words.appName : words.shift.title} />
      <main>
        {problem === undefined ? null : <p className="note caution">{words.home[problem]}</p>}
        {asleep ? (
          <button type="button" className="wake" data-action="wake" onClick={() => void wakeUp()}>
            <LevelShape level="caution" />
            <span>
              <strong>{words.shift.wake}</strong>
              <span>{words.shift.wakeHint}</span>
            </span>
          </button>
        ) : null}
        <BulletinNews />
        {onShift ? <OpenThings /> : null}
        {onShift ? null : (
          <>
            <Outing />
            <CarryList />
          </>
        )}
        <section className="card" data-shift={onShift ? "on" : "off"}>
          <h2>
            {onShift ? words.shift.on : words.shift.off}
            <span className="quiet"> · {device === undefined ? "" : words.settings.person(device.person.name, device.person.team)}</span>
          </h2>
          {onShift ? (
            silentSinceMs === undefined && !connecting && notices.length === 0 ? (
              <p>{words.home.nothing(clock(linkedSinceMs, zone))}</p>
            ) : null
          ) : (
            <p>{words.shift.offHint}</p>
          )}
        </section>
        {onShift ? (
          <section className="card">
            <h2>{words.shift.this}</h2>
            <Abilities />
            <p className="hint">{words.shift.limits}</p>
          </section>
        ) : (
          <p className="hint">
            {words.shift.willAsk} {words.shift.limits}
          </p>
        )}
        <Doors />
      </main>
      <footer>
        {onShift ? null : <CarryButtons main={asked} />}
        <div className={asked && !onShift ? "pair" : "buttons"}>
          {onShift ? null : (
            <Big kind={asked ? "plain" : "main"} name="start-shift" onPress={() => void startShift()}>
              {words.shift.start}
            </Big>
          )}
          <Big kind={onShift ? "main" : "plain"} name="report" onPress={aim}>
            {words.home.report}
          </Big>
        </div>
      </footer>
    </div>
  );
}
