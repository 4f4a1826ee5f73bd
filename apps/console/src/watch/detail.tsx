// Right of the watch: one track, what it says of itself, how old and how sure, and what speaks against it.
import { type OperatorPosition, paths, type TrackDetail } from "@atalaya/protocol";
import { TrackShape } from "@atalaya/web/marks";
import { type FormEvent, type ReactNode, useEffect, useState } from "react";
import { Button, Dialog, Form, Heading, Input, Label, Modal, ModalOverlay, Text, TextField } from "react-aria-components";
import { copyGrid } from "../actions.ts";
import { ask, isRefused } from "../link/api.ts";
import { hasRight, sectorNow, useShown } from "../link/store.ts";
import { clock, direction, grid, metres, speed } from "../words/figures.ts";
import { catalogues, type Words } from "../words/words.ts";
import { LookAlikes } from "../reports/look-alikes.tsx";
import { ClaimLine, errorText, Evidence, heightErrorText } from "./evidence.tsx";

const REFRESH_MS = 1000;

function useDetail(number: number | undefined): TrackDetail | "ended" | undefined {
  const [detail, setDetail] = useState<TrackDetail | "ended">();
  useEffect(() => {
    setDetail(undefined);
    if (number === undefined) return undefined;
    let over = false;
    const look = async (): Promise<void> => {
      const answer = await ask<TrackDetail>("GET", paths.track(number));
      if (over) return;
      if (!isRefused(answer)) setDetail(answer);
      else if (answer.refused.status === 404) setDetail((before) => before ?? "ended");
    };
    void look();
    const timer = setInterval(() => void look(), REFRESH_MS);
    return () => {
      over = true;
      clearInterval(timer);
    };
  }, [number]);
  return detail;
}

function Row({ label, value }: { readonly label: string; readonly value: string }): ReactNode {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** Heights by what they are above; those that it does not say are left out. */
function Heights({ detail, words }: { readonly detail: TrackDetail; readonly words: Words }): ReactNode {
  const rows: readonly (readonly [string, number | undefined])[] = [
    [words.detail.aboveGround, detail.heightAboveGroundM],
    [words.detail.aboveTakeoff, detail.heightAboveTakeoffM],
    [words.detail.aboveSea, detail.heightMslM],
    [words.detail.aboveEllipsoid, detail.heightHaeM],
    [words.detail.pressure, detail.heightPressureM],
  ];
  return rows.filter(([, value]) => value !== undefined).map(([label, value]) => <Row key={label} label={label} value={metres(value)} />);
}

function OperatorDialog({ number, onClose }: { readonly number: number; readonly onClose: () => void }): ReactNode {
  const words = catalogues[useShown(({ language }) => language)];
  const [answer, setAnswer] = useState("");
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const purpose = String(new FormData(event.currentTarget).get("purpose") ?? "");
    const result = await ask<{ readonly positions: readonly OperatorPosition[] }>("POST", paths.operator(number), { purpose });
    if (isRefused(result)) setAnswer(words.refused(result.refused.message));
    else {
      const places = result.positions.map(({ latDeg, lonDeg }) => `${latDeg.toFixed(5)}, ${lonDeg.toFixed(5)} · ${grid(latDeg, lonDeg)}`);
      setAnswer(places.length === 0 ? words.detail.operatorNone : words.detail.operatorIs(places.join("; ")));
    }
  };
  return (
    <ModalOverlay isOpen isDismissable onOpenChange={onClose} className="overlay">
      <Modal>
        <Dialog className="dialog">
          <Heading slot="title">{words.detail.operatorTitle}</Heading>
          <Form onSubmit={(event) => void submit(event)}>
            <TextField name="purpose" isRequired minLength={3} maxLength={500} autoFocus>
              <Label>{words.detail.operatorPurpose}</Label>
              <Input />
              <Text slot="description">{words.detail.operatorHint}</Text>
            </TextField>
            <p role="status" className="answer">
              {answer}
            </p>
            <div className="row">
              <Button type="submit" className="primary">
                {words.detail.operatorGo}
              </Button>
              <Button onPress={onClose}>{words.detail.close}</Button>
            </div>
          </Form>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/** What it broadcasts of itself, and what speaks against that. */
function Broadcast({ detail, words }: { readonly detail: TrackDetail; readonly words: Words }): ReactNode {
  const { sector, sources } = useShown();
  const name = (id: string): string => sources.find((source) => source.id === id)?.name ?? id;
  return (
    <>
      <h3>{words.detail.findings}</h3>
      {detail.findings.length === 0 ? (
        <p className="quiet padded">{words.detail.noFindings}</p>
      ) : (
        <ul className="findings">
          {detail.findings.map(({ code, count, lastMs, values }) => (
            <li key={code}>
              <strong>◆ {words.finding[code]}</strong>
              <span>
                {Object.entries(values)
                  .map(([key, value]) => words.figure[key as keyof Words["figure"]]?.(String(value)) ?? String(value))
                  .join(", ")}
              </span>
              <span className="quiet">
                ×{count}, {clock(lastMs, sector?.timeZone)}
              </span>
            </li>
          ))}
        </ul>
      )}
      <h3>{words.detail.identities}</h3>
      <dl className="rows">
        {detail.identities.map(({ kind, value, valid }) => (
          <Row
            key={`${kind} ${value}`}
            label={words.detail.identityKind[kind]}
            value={valid === undefined ? value : `${value} (${valid ? words.detail.wellFormed : words.detail.illFormed})`}
          />
        ))}
      </dl>
      <h3>{words.detail.heardBy}</h3>
      <dl className="rows">
        {detail.sources.map(({ id, carrier, transmitter, rssiDbm, frames }) => (
          <Row
            key={`${id} ${carrier} ${transmitter ?? ""}`}
            label={name(id)}
            value={`${words.carrier[carrier as keyof Words["carrier"]] ?? carrier} ${transmitter ?? ""} ${rssiDbm === undefined ? "" : `${rssiDbm}\u00a0dBm`} ×${frames}`}
          />
        ))}
      </dl>
    </>
  );
}

function isHollow({ status, measured }: TrackDetail): boolean {
  return status !== "confirmed" || measured === undefined;
}

function what({ kind, measured }: TrackDetail, words: Words): string {
  const group = measured?.group === undefined ? "" : ` · ${words.tracks.group(measured.group.count)}`;
  return words.tracks.kind[kind] + group;
}

function Body({ detail }: { readonly detail: TrackDetail }): ReactNode {
  const { language, sector, user, following } = useShown();
  const words = catalogues[language];
  const [asking, setAsking] = useState(false);
  const heightError = heightErrorText(detail);
  const mark = detail.drill ? `${words.mode.drillMark} ` : detail.recorded ? `${words.mode.replayMark} ` : "";
  return (
    <>
      <header>
        <h2>
          <TrackShape kind={detail.kind} hollow={isHollow(detail)} /> {mark}
          {detail.id} <span>{what(detail, words)}</span>
        </h2>
        <Button onPress={() => useShown.setState({ selected: undefined })}>
          {words.detail.close} <kbd>Esc</kbd>
        </Button>
      </header>
      <ClaimLine detail={detail} />
      <dl className="rows">
        <Row label={words.detail.position} value={`${detail.position.latDeg.toFixed(5)}, ${detail.position.lonDeg.toFixed(5)}`} />
        <Row label={words.detail.grid} value={grid(detail.position.latDeg, detail.position.lonDeg)} />
        <Heights detail={detail} words={words} />
        <Row label={words.detail.speedCourse} value={`${speed(detail.speedMps)}, ${direction(detail.courseDeg, words)}`} />
        <Row label={detail.measured === undefined ? words.detail.errorClaimed : words.detail.error} value={errorText(detail, words)} />
        {heightError === undefined ? null : <Row label={words.detail.heightError} value={heightError} />}
        <Row
          label={words.detail.age}
          value={`${clock(detail.lastMs, sector?.timeZone)} (${words.detail.ago(Math.max(0, Math.round((sectorNow() - detail.lastMs) / 1000)))})`}
        />
      </dl>
      {detail.measured === undefined ? null : <Evidence measured={detail.measured} lastMs={detail.lastMs} />}
      {detail.kind === "unknown" ? <LookAlikes path={paths.trackLookAlikes(detail.number)} /> : null}
      {detail.sources.length === 0 ? null : <Broadcast detail={detail} words={words} />}
      <div className="row padded">
        <Button onPress={() => useShown.setState({ following: !following })} aria-pressed={following}>
          {words.detail.follow} <kbd>F</kbd>
        </Button>
        <Button onPress={() => void copyGrid()}>
          {words.detail.copyGrid} <kbd>G</kbd>
        </Button>
        {hasRight(user, "officer") && detail.operatorPositionKept ? (
          <Button onPress={() => setAsking(true)}>{words.detail.operator}</Button>
        ) : null}
      </div>
      {asking ? <OperatorDialog number={detail.number} onClose={() => setAsking(false)} /> : null}
    </>
  );
}

export function Detail(): ReactNode {
  const { language, selected } = useShown();
  const words = catalogues[language];
  const detail = useDetail(selected);
  return (
    <aside className="pane-detail" tabIndex={-1} aria-label={words.dangers.why}>
      {selected === undefined ? (
        <p className="quiet padded">{words.detail.choose}</p>
      ) : detail === undefined ? null : detail === "ended" ? (
        <p className="quiet padded">{words.detail.ended}</p>
      ) : (
        <Body detail={detail} />
      )}
    </aside>
  );
}
