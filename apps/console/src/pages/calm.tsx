// How calm the watch is: alarms, how fast they are taken, what stands, what is put aside and for how long; in a flood, dangers by what they rest on.
import type { Calm } from "@atalaya/protocol";
import { type ReactNode, useState } from "react";
import { Button } from "react-aria-components";
import { openIncident, unmute, unshelve } from "../actions.ts";
import { hasRight, maySee, sectorNow, useShown } from "../link/store.ts";
import { clock, seconds } from "../words/figures.ts";
import { catalogues } from "../words/words.ts";
import { Figures } from "./calm-figures.tsx";
import { HandOverNote } from "./hand-over.tsx";

function Flood({ calm }: { readonly calm: Calm }): ReactNode {
  const { language, sources } = useShown();
  const { calm: words, officer } = catalogues[language].duty;
  const mayMute = useShown(({ user }) => hasRight(user, "officer"));
  if (!calm.figures.flood) return null;
  return (
    <>
      <p className="overload" role="status">
        <strong>◆ {words.flood}.</strong> {words.floodDetail}
      </p>
      <h3>{words.groups}</h3>
      <ul className="list">
        {calm.floodGroups.map(({ source, warnings, muted }) => (
          <li key={source} data-group={source}>
            <span className="grow">
              <strong>{sources.find(({ id }) => id === source)?.name ?? source}</strong> {words.dangers(warnings.length)}
            </span>
            {muted ? (
              words.muted
            ) : mayMute ? (
              <Button onPress={() => useShown.setState({ deciding: { what: "mute", sources: [source] } })}>{officer.mute}</Button>
            ) : null}
          </li>
        ))}
      </ul>
    </>
  );
}

function Aside({ calm }: { readonly calm: Calm }): ReactNode {
  const { language, sources, warnings, user } = useShown();
  useShown(({ revision }) => revision);
  const words = catalogues[language];
  const { calm: text, officer } = words.duty;
  const may = hasRight(user, "officer");
  const left = (untilMs: number): string => text.left(seconds(Math.max(0, (untilMs - sectorNow()) / 1000)));
  const shelved = warnings.flatMap((warning) => (warning.shelved === undefined ? [] : [{ warning, ...warning.shelved }]));
  return (
    <>
      <h2>
        {text.shelved} <span>{shelved.length}</span>
      </h2>
      {shelved.length === 0 ? <p className="padded quiet">{text.nothingShelved}</p> : null}
      <ul className="list">
        {shelved.map(({ warning: { id, trackId, foremost }, untilMs, by, reason }) => (
          <li key={id} data-shelved={id}>
            <span className="grow">
              <strong>
                {trackId}, {foremost.name === "" ? words.dangers.somebody : foremost.name}
              </strong>{" "}
              {left(untilMs)} <span className="quiet">{text.by(by, reason)}</span>
            </span>
            {may ? (
              <>
                <Button onPress={() => openIncident(id)}>{words.duty.incidents.open}</Button>
                <Button onPress={() => void unshelve(id)}>{officer.unshelve}</Button>
              </>
            ) : null}
          </li>
        ))}
      </ul>
      <h2>
        {text.muted} <span>{calm.mutes.length}</span>
      </h2>
      {calm.mutes.length === 0 ? <p className="padded quiet">{text.nothingMuted}</p> : null}
      <ul className="list">
        {calm.mutes.map(({ source, untilMs, by, reason }) => (
          <li key={source} data-muted={source}>
            <span className="grow">
              <strong>{sources.find(({ id }) => id === source)?.name ?? source}</strong> {left(untilMs)}{" "}
              <span className="quiet">{text.by(by, reason)}</span>
            </span>
            {may ? <Button onPress={() => void unmute(source)}>{officer.unmute}</Button> : null}
          </li>
        ))}
      </ul>
      {may && sources.length > 0 ? (
        <p className="padded">
          <Button onPress={() => useShown.setState({ deciding: { what: "mute", sources: sources.map(({ id }) => id) } })}>
            {officer.mute}
          </Button>
        </p>
      ) : null}
    </>
  );
}

function Now({ calm }: { readonly calm: Calm }): ReactNode {
  const { language, sector } = useShown();
  const { calm: words, channel } = catalogues[language].duty;
  const ill = calm.channels.filter(({ state }) => state !== "up");
  return (
    <>
      <h2>{words.title}</h2>
      <Figures figures={calm.figures} />
      <p className="padded quiet">{words.ruleHint}</p>
      <Flood calm={calm} />
      <Aside calm={calm} />
      <h2>{words.channels}</h2>
      {ill.length === 0 ? <p className="padded quiet">{words.channelsUp}</p> : null}
      <ul className="list">
        {ill.map((known) => (
          <li key={known.channel}>
            <strong>⊘ {channel[known.channel]}</strong> {words.channelState[known.state]} {clock(known.sinceMs, sector?.timeZone)}{" "}
            <span className="quiet">{known.reason ?? ""}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

export function CalmPage(): ReactNode {
  const { language, calm, user } = useShown();
  const { calm: words } = catalogues[language].duty;
  const [note, showNote] = useState(false);
  // The note says where our people are: it is the officers'.
  const mayHandOver = maySee("incidents", user?.role);
  return (
    <main className="page calm">
      {mayHandOver ? (
        <div className="row no-print">
          <Button className={note ? "view" : "view current"} aria-pressed={!note} onPress={() => showNote(false)}>
            {words.now}
          </Button>
          <Button className={note ? "view current" : "view"} aria-pressed={note} onPress={() => showNote(true)}>
            {words.handOver}
          </Button>
        </div>
      ) : null}
      {note ? <HandOverNote /> : calm === undefined ? null : <Now calm={calm} />}
    </main>
  );
}
