// Why the watch believes that something is there: what sensors say of one track, what it may be, and on which detections that rests.
import type { Measured, Sensor, SourceHealth, TrackDetail } from "@atalaya/protocol";
import type { ReactNode } from "react";
import { useSensors } from "../link/sensors.ts";
import { sectorNow, useShown } from "../link/store.ts";
import { certainty, clock, metres, percent, seconds } from "../words/figures.ts";
import { catalogues, type Words } from "../words/words.ts";
import { LOST_MS } from "./track-table.tsx";

const SENSORS_EVERY_MS = 10_000;
/** From this share of doubtful detections on, the tracker says that an identity may have been exchanged. */
const DOUBTFUL = 0.2;
/** Names of a group's tracks that are listed; the table has them all. */
const NAMED = 8;
/** 95 % of a normal distribution lies within this many standard deviations. */
const SIGMAS_95 = 1.96;

/** `source/sensor` as people call it: the sensor by its own name and sense, a broadcast by the source that heard it. */
function sensorName(id: string, sensors: readonly Sensor[], sources: readonly SourceHealth[], words: Words): string {
  const slash = id.indexOf("/");
  const [source, name] = [id.slice(0, slash), id.slice(slash + 1)];
  const known = sensors.find((sensor) => sensor.source === source && sensor.id === name);
  if (known !== undefined) return `${name} ${kindName(known.kind, words).toLowerCase()}`;
  if (name === "remote-id") return `Remote ID, ${sources.find((one) => one.id === source)?.name ?? source}`;
  return name;
}

export function kindName(kind: string, words: Words): string {
  return words.sensorKind[kind as keyof Words["sensorKind"]] ?? kind;
}

function Bar({ label, probability, words }: { readonly label: string; readonly probability: number; readonly words: Words }): ReactNode {
  return (
    <div className="bar-row">
      <dt>{label}</dt>
      <dd>
        <span className="bar" aria-hidden="true">
          <span style={{ width: `${Math.round(probability * 100)}%` }} />
        </span>
        <span className="bar-word">{words.sure[certainty(probability)]}</span>
        <span className="bar-figure">{percent(probability)}</span>
      </dd>
    </div>
  );
}

/** What sensors that measure have against a broadcast, or for it; or that there is nothing but the broadcast. */
export function ClaimLine({ detail }: { readonly detail: TrackDetail }): ReactNode {
  const { language, sources, sector } = useShown();
  const words = catalogues[language];
  const sensors = useSensors(SENSORS_EVERY_MS) ?? [];
  const { measured, unseenBy, unseenSinceMs, identities } = detail;
  if (unseenBy !== undefined) {
    const names = unseenBy.map((id) => sensorName(id, sensors, sources, words));
    return (
      <p className="claim">
        <strong>◆ {words.evidence.contradicted}</strong> {words.evidence.unseen(names.length, names.join(", "))}
        {unseenSinceMs === undefined ? "" : ` ${words.evidence.since(clock(unseenSinceMs, sector?.timeZone))}`}
      </p>
    );
  }
  if (measured === undefined) return <p className="claim">{words.detail.claim}</p>;
  return identities.length === 0 ? null : <p className="quiet padded">{words.evidence.agrees}</p>;
}

/** 95 % of the horizontal error: along and across the ellipse; of a broadcast as it claims. */
export function errorText({ measured, errorM }: TrackDetail, words: Words): string {
  if (measured === undefined) return errorM === undefined ? words.tracks.unknown : metres(errorM);
  const { majorM, minorM } = measured.ellipse;
  return `${metres(Math.max(1, majorM)).replace("\u00a0m", "")} × ${metres(Math.max(1, minorM))}`;
}

/** 95 % of the height's error, where sensors measure a height at all. */
export function heightErrorText({ measured, heightHaeM }: TrackDetail): string | undefined {
  return measured === undefined || heightHaeM === undefined
    ? undefined
    : `±\u00a0${metres(Math.max(1, measured.heightSigmaM * SIGMAS_95))}`;
}

function Associations({ measured, named }: { readonly measured: Measured; readonly named: (id: string) => string }): ReactNode {
  const words = catalogues[useShown(({ language }) => language)];
  const { columns } = words.evidence;
  const now = sectorNow();
  return (
    <table className="associations" aria-label={words.evidence.associations}>
      <thead>
        <tr>
          <th scope="col">{columns.sensor}</th>
          <th scope="col" className="number">
            {columns.ago}
          </th>
          <th scope="col" className="number">
            {columns.probability}
          </th>
          <th scope="col" className="number">
            {columns.distance}
          </th>
        </tr>
      </thead>
      <tbody>
        {measured.associations.toReversed().map(({ sensor, timeMs, probability, distanceSigma }) => (
          <tr key={`${sensor} ${timeMs}`}>
            <td>{named(sensor)}</td>
            <td className="number">{seconds(Math.max(0, (now - timeMs) / 1000))}</td>
            <td className="number">{percent(probability)}</td>
            <td className="number">{`${distanceSigma.toFixed(1)}\u00a0σ`}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function Evidence({ measured, lastMs }: { readonly measured: Measured; readonly lastMs: number }): ReactNode {
  const { language, sources, sector } = useShown();
  const words = catalogues[language];
  const sensors = useSensors(SENSORS_EVERY_MS) ?? [];
  const named = (id: string): string => sensorName(id, sensors, sources, words);
  const { existence, classes, manoeuvre, ambiguity, group } = measured;
  const { steady, turn, hard } = manoeuvre;
  const flies = hard >= Math.max(steady, turn) ? "hard" : turn > steady ? "turn" : "steady";
  const text = words.evidence;
  return (
    <>
      <h3>{text.title}</h3>
      {sectorNow() - lastMs > LOST_MS ? (
        <p className="note">
          <strong>◆ {text.lost(clock(lastMs, sector?.timeZone))}</strong> {text.lostDetail}
        </p>
      ) : null}
      <dl className="bars">
        <Bar label={text.exists} probability={existence} words={words} />
      </dl>
      <dl className="rows">
        <div>
          <dt>{text.seenBy}</dt>
          <dd className="sensor-names">{measured.sensors.length === 0 ? words.tracks.unknown : measured.sensors.map(named).join(", ")}</dd>
        </div>
        <div>
          <dt>{text.flies}</dt>
          <dd>{text.manoeuvre[flies]}</dd>
        </div>
      </dl>
      {group === undefined ? null : (
        <p className="note">
          <strong>{text.group(group.count)}</strong>{" "}
          {text.groupDetail(group.tracks.slice(0, NAMED).join(", ") + (group.tracks.length > NAMED ? "…" : ""))}
        </p>
      )}
      {ambiguity >= DOUBTFUL ? (
        <p className="note">
          <strong>◆ {text.exchanged}</strong> {text.exchangedDetail(percent(ambiguity))}
        </p>
      ) : null}
      <h3>{text.maybe}</h3>
      <dl className="bars">
        <Bar label={text.class.drone} probability={classes.drone} words={words} />
        <Bar label={text.class.bird} probability={classes.bird} words={words} />
        <Bar label={text.class.aircraft} probability={classes.aircraft} words={words} />
        <Bar label={text.class.unknown} probability={classes.unknown} words={words} />
      </dl>
      <h3>{text.associations}</h3>
      {measured.associations.length === 0 ? (
        <p className="quiet padded">{text.noAssociations}</p>
      ) : (
        <Associations measured={measured} named={named} />
      )}
    </>
  );
}
