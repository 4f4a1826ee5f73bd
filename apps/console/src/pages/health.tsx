// Sources and the hub itself: what hears, what does not, what is behind.
import { type HubHealth, type NewSource, paths, type TrackerCounts } from "@atalaya/protocol";
import { StatusShape } from "@atalaya/web/marks";
import { type FormEvent, type ReactNode, useState } from "react";
import { Button } from "react-aria-components";
import { ask, isRefused } from "../link/api.ts";
import { useShown } from "../link/store.ts";
import { clock } from "../words/figures.ts";
import { catalogues, type Words } from "../words/words.ts";
import { Sensors } from "./sensors.tsx";

const KINDS = ["http", "mqtt", "broker", "tcp", "adsb", "tak-server", "tak-mesh"] as const satisfies readonly NewSource["kind"][];

function base64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function Tracker({ counts, words }: { readonly counts: TrackerCounts; readonly words: Words }): ReactNode {
  const text = words.health;
  const rows: readonly (readonly [string, number])[] = [
    [text.detections, counts.detections],
    [text.late, counts.late],
    [text.duplicates, counts.duplicates],
    [text.refusedDetections, counts.refused],
    [text.trackerTracks, counts.tracks],
    [text.shed, counts.shedTracks],
  ];
  return (
    <>
      <h2>{text.tracker}</h2>
      <dl className="rows narrow" data-tracker>
        {rows.map(([label, count]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{count.toLocaleString("en-US")}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** How long the way to a person takes, by channel: half of all, and all but one in a hundred. */
function Channels({ channels, words }: { readonly channels: HubHealth["channels"]; readonly words: Words }): ReactNode {
  const text = words.health;
  const seconds = (value: number | undefined): string => (value === undefined ? "–" : `${value.toFixed(2)} s`);
  return (
    <>
      <h2>{text.channels}</h2>
      <table data-channels>
        <thead>
          <tr>
            <th>{text.channel}</th>
            <th>{text.channelState}</th>
            <th className="number">{text.arrived}</th>
            <th className="number">{text.half}</th>
            <th className="number">{text.nearlyAll}</th>
          </tr>
        </thead>
        <tbody>
          {channels.map(({ channel, state, reason, told, p50S, p99S }) => (
            <tr key={channel}>
              <td>{text.channelName[channel]}</td>
              <td>
                {state === "up" ? "" : "◆ "}
                {text.channelStates[state]}
                {reason === undefined ? "" : `: ${reason}`}
              </td>
              <td className="number">{told ?? 0}</td>
              <td className="number">{seconds(p50S)}</td>
              <td className="number">{seconds(p99S)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="quiet">{text.channelHint}</p>
    </>
  );
}

export function Health(): ReactNode {
  const { language, sources, health, sector, user } = useShown();
  const words = catalogues[language];
  const { columns } = words.health;
  const [added, setAdded] = useState<{ readonly id: string; readonly key?: string }>();
  const [kind, setKind] = useState<NewSource["kind"]>("http");
  const owner = user?.role === "owner";

  const add = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string): string | undefined => {
      const value = String(form.get(name) ?? "");
      return value === "" ? undefined : value;
    };
    const isTak = kind === "tak-server" || kind === "tak-mesh";
    const format = kind === "tcp" ? "detections" : kind === "adsb" ? "adsb" : isTak ? undefined : text("format");
    const file = form.get("package");
    const archive = file instanceof File && file.size > 0 ? base64(new Uint8Array(await file.arrayBuffer())) : undefined;
    const origin = form.get("drill") === null ? "live" : "synthetic";
    const body = { name: text("name") ?? "", kind, format, origin, url: text("url"), topic: text("topic"), package: archive };
    const answer = await ask<{ readonly id: string; readonly key?: string }>("POST", paths.sources, body);
    if (isRefused(answer)) useShown.setState({ refusal: answer.refused.message });
    else setAdded(answer);
  };
  return (
    <main className="page">
      <h2>
        {words.health.title} <span>{sources.length}</span>
      </h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{columns.name}</th>
            <th scope="col">{columns.kind}</th>
            <th scope="col">{columns.state}</th>
            <th scope="col" className="number">
              {columns.rate}
            </th>
            <th scope="col" className="number">
              {columns.frames}
            </th>
            <th scope="col" className="number">
              {columns.refused}
            </th>
            <th scope="col" className="number">
              {columns.clock}
            </th>
            <th scope="col">{columns.last}</th>
            {owner ? <td /> : null}
          </tr>
        </thead>
        <tbody>
          {sources.map((source) => (
            <tr key={source.id} data-source={source.id}>
              <td>
                {source.name}{" "}
                {source.origin === "synthetic" ? (
                  <span className="mode-mark">{words.mode.drillMark}</span>
                ) : source.origin === "recorded" ? (
                  <span className="mode-mark">{words.mode.replayMark}</span>
                ) : null}
              </td>
              <td>
                {words.health.kind[source.kind]}
                {source.format === "detections" ? ` · ${words.health.format.detections}` : ""}
              </td>
              <td>
                <StatusShape status={source.state === "hearing" ? "normal" : source.state === "starting" ? "waiting" : "off"} />{" "}
                {words.health.state[source.state]} {source.reason ?? ""}
              </td>
              <td className="number">{source.framesPerS}</td>
              <td className="number">{source.frames.toLocaleString("en-US")}</td>
              <td className="number">{source.refused.toLocaleString("en-US")}</td>
              <td className="number">{source.clockOffsetS === undefined ? "–" : `${source.clockOffsetS.toFixed(1)}\u00a0s`}</td>
              <td>{source.lastFrameMs === undefined ? "–" : clock(source.lastFrameMs, sector?.timeZone)}</td>
              {owner ? (
                <td>
                  <Button onPress={() => void ask("DELETE", paths.source(source.id))}>{words.health.remove}</Button>
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
      <Sensors />
      <h2>{words.health.hub}</h2>
      {health === undefined || health.dropping.length === 0 ? null : (
        <p className="overload" role="status">
          <strong>◆ {words.load.title}.</strong> {health.dropping.map((what) => words.load[what]).join(" ")}
        </p>
      )}
      {health === undefined ? null : (
        <dl className="rows narrow">
          <div>
            <dt>{words.health.journal}</dt>
            <dd>{words.health.journalState[health.journal]}</dd>
          </div>
          <div>
            <dt>{words.health.queue}</dt>
            <dd>{health.journalQueue}</dd>
          </div>
          <div>
            <dt>{words.health.durable}</dt>
            <dd>{health.durableSeq.toLocaleString("en-US")}</dd>
          </div>
          <div>
            <dt>{words.health.clockSteps}</dt>
            <dd>{health.clockSteps}</dd>
          </div>
          <div>
            <dt>{words.health.load}</dt>
            <dd>{health.overloaded ? `◆ ${words.load.title}` : words.health.keepsUp}</dd>
          </div>
        </dl>
      )}
      {health === undefined || health.channels.length === 0 ? null : <Channels channels={health.channels} words={words} />}
      {health?.tracker === undefined ? null : <Tracker counts={health.tracker} words={words} />}
      {owner ? (
        <form className="inline" onSubmit={(event) => void add(event)}>
          <h3>{words.health.add}</h3>
          <label>
            {words.health.addName}
            <input name="name" required maxLength={80} />
          </label>
          <label>
            {words.health.addKind}
            <select value={kind} onChange={({ target }) => setKind(KINDS.find((known) => known === target.value) ?? "http")}>
              {KINDS.map((known) => (
                <option key={known} value={known}>
                  {words.health.kind[known]}
                </option>
              ))}
            </select>
          </label>
          {kind === "tcp" || kind === "adsb" || kind === "tak-server" || kind === "tak-mesh" ? null : (
            <label>
              {words.health.addFormat}
              <select name="format">
                <option value="remote-id">{words.health.format["remote-id"]}</option>
                <option value="detections">{words.health.format.detections}</option>
              </select>
            </label>
          )}
          <label className="tick">
            <input name="drill" type="checkbox" /> {words.health.addDrill}
          </label>
          {kind === "tak-server" ? (
            <>
              <label>
                {words.health.addPackage}
                <input name="package" type="file" accept=".zip,.dp" />
              </label>
              <label>
                {words.health.addTakUrl}
                <input name="url" />
              </label>
            </>
          ) : null}
          {kind === "tak-mesh" ? (
            <label>
              {words.health.addMesh}
              <input name="url" defaultValue="udp://239.2.3.1:6969" />
            </label>
          ) : null}
          {kind === "mqtt" ? (
            <>
              <label>
                {words.health.addUrl}
                <input name="url" required />
              </label>
              <label>
                {words.health.addTopic}
                <input name="topic" defaultValue="#" />
              </label>
            </>
          ) : null}
          {kind === "adsb" ? (
            <label>
              {words.health.addReceiver}
              <input name="url" />
            </label>
          ) : null}
          <Button type="submit" className="primary">
            {words.health.addGo}
          </Button>
          {added?.key === undefined ? null : (
            <p role="status">
              {words.health.id}: <code>{added.id}</code> {words.health.key}: <code>{added.key}</code>
            </p>
          )}
        </form>
      ) : null}
    </main>
  );
}
