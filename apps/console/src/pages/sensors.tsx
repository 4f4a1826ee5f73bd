// The sensors of the detection format: how each does, and how far it is off as the tracker found.
import type { Sensor, SensorErrors } from "@atalaya/protocol";
import type { ReactNode } from "react";
import { useSensors } from "../link/sensors.ts";
import { sectorNow, useShown } from "../link/store.ts";
import { plusMinus, seconds } from "../words/figures.ts";
import { catalogues, type Words } from "../words/words.ts";
import { kindName } from "../watch/evidence.tsx";

const EVERY_MS = 2000;

/** Kinds that measure neither range nor azimuth: they have no such errors. */
const WITHOUT: ReadonlySet<string> = new Set(["remoteid", "adsb", "tdoa", "human", "presence", "systemTrack"]);

/** One error with its standard deviation; marked, in a word, where it is beyond its limit. */
function Off({
  kind,
  errors,
  which,
  text,
  words,
}: {
  readonly kind: string;
  readonly errors: SensorErrors | undefined;
  readonly which: SensorErrors["beyond"][number];
  readonly text: (errors: SensorErrors) => string;
  readonly words: Words;
}): ReactNode {
  if (WITHOUT.has(kind)) return <td className="number quiet">–</td>;
  if (errors === undefined || errors.pairs === 0) return <td className="number quiet">{words.tracks.unknown}</td>;
  const beyond = errors.beyond.includes(which);
  return (
    <td className={beyond ? "number beyond" : "number"}>
      {text(errors)}
      {beyond ? <span className="beyond-word"> ◆ {words.sensors.notApplied}</span> : null}
    </td>
  );
}

function Row({ sensor, words }: { readonly sensor: Sensor; readonly words: Words }): ReactNode {
  const { id, source, kind, detections, refused, lastMs, errors, drill } = sensor;
  return (
    <tr data-sensor={`${source}/${id}`}>
      <td>
        {id} {drill ? <span className="mode-mark">{words.mode.drillMark}</span> : null}
      </td>
      <td>{kindName(kind, words)}</td>
      <td className="number">{detections.toLocaleString("en-US")}</td>
      <td className="number">{refused.toLocaleString("en-US")}</td>
      <td className="number">{lastMs === undefined ? "–" : words.detail.agoText(seconds(Math.max(0, (sectorNow() - lastMs) / 1000)))}</td>
      <Off
        kind={kind}
        errors={errors}
        which="range"
        words={words}
        text={({ rangeBiasM, rangeBiasSigmaM }) => plusMinus(rangeBiasM, rangeBiasSigmaM, 1, "\u00a0m")}
      />
      <Off
        kind={kind}
        errors={errors}
        which="azimuth"
        words={words}
        text={({ azimuthBiasDeg, azimuthBiasSigmaDeg }) => plusMinus(azimuthBiasDeg, azimuthBiasSigmaDeg, 2, "°")}
      />
      <Off
        kind={kind}
        errors={errors}
        which="clock"
        words={words}
        text={({ clockBiasS, clockBiasSigmaS }) => plusMinus(clockBiasS, clockBiasSigmaS, 2, "\u00a0s")}
      />
    </tr>
  );
}

export function Sensors(): ReactNode {
  const words = catalogues[useShown(({ language }) => language)];
  const sensors = useSensors(EVERY_MS);
  const { title, none, hint, columns } = words.sensors;
  return (
    <>
      <h2>
        {title} <span>{sensors?.length ?? ""}</span>
      </h2>
      {sensors === undefined ? null : sensors.length === 0 ? (
        <p className="quiet padded">{none}</p>
      ) : (
        <div className="wide" role="group" aria-label={title} tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">{columns.name}</th>
                <th scope="col">{columns.kind}</th>
                <th scope="col" className="number">
                  {columns.detections}
                </th>
                <th scope="col" className="number">
                  {columns.refused}
                </th>
                <th scope="col" className="number">
                  {columns.last}
                </th>
                <th scope="col" className="number">
                  {columns.range}
                </th>
                <th scope="col" className="number">
                  {columns.azimuth}
                </th>
                <th scope="col" className="number">
                  {columns.clock}
                </th>
              </tr>
            </thead>
            <tbody>
              {sensors.map((sensor) => (
                <Row key={`${sensor.source}/${sensor.id}`} sensor={sensor} words={words} />
              ))}
            </tbody>
          </table>
          <p className="quiet padded">{hint}</p>
        </div>
      )}
    </>
  );
}
