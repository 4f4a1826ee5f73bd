// Point and press: a viewfinder bracket over the true error of the compass, and one button under the thumb.
import type { CoarseDirection } from "@atalaya/protocol";
import { compassPoint, distanceText } from "@atalaya/words";
import { LevelShape, StatusShape } from "@atalaya/web/marks";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { Aim as Measured } from "../aim/burst.ts";
import { compass, endAim, type Press, report } from "../device.ts";
import { placeName } from "../report/make.ts";
import { go, useField } from "../state.ts";
import { degrees, useWords } from "../words/words.ts";
import { Big, TopBar } from "./parts.tsx";

/** Points of the viewfinder per degree: its width shows about 40°. */
const PX_PER_DEG = 9;
const STEADY_DEG = 12;
const ROSE: readonly (CoarseDirection | "overhead")[] = ["NW", "N", "NE", "W", "overhead", "E", "SW", "S", "SE"];

/** The newest measurement, at most so often as the screen is drawn. */
function useAim(): Measured | undefined {
  const [aim, setAim] = useState(() => compass.aim());
  useEffect(() => {
    let asked = 0;
    const draw = (): void => {
      asked = 0;
      setAim(compass.aim());
    };
    const stop = compass.onReading(() => {
      if (asked === 0) asked = requestAnimationFrame(draw);
    });
    return () => {
      stop();
      cancelAnimationFrame(asked);
    };
  }, []);
  return aim;
}

function Strip({ azimuthDeg }: { readonly azimuthDeg: number }): ReactNode {
  const from = Math.floor(azimuthDeg / 2) * 2 - 26;
  return (
    <svg className="strip" viewBox="-195 0 390 46" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      {Array.from({ length: 28 }, (_, k) => {
        const deg = from + 2 * k;
        const x = (deg - azimuthDeg) * PX_PER_DEG;
        const ten = ((deg % 10) + 10) % 10 === 0;
        return (
          <g key={deg} transform={`translate(${x.toFixed(1)} 0)`}>
            <path d={ten ? "M0 26V44" : "M0 34V44"} stroke="currentColor" strokeWidth={ten ? 2 : 1} />
            {ten ? (
              <text y="20" textAnchor="middle">
                {String(((deg % 360) + 360) % 360).padStart(3, "0")}
              </text>
            ) : null}
          </g>
        );
      })}
    </svg>
  );
}

function Finder({ aim }: { readonly aim: Measured }): ReactNode {
  const words = useWords();
  const language = useField((shown) => shown.language);
  const { azimuth, elevation } = aim;
  return (
    <div className="finder" data-azimuth={azimuth?.deg.toFixed(1)} data-elevation={elevation.deg.toFixed(1)}>
      {azimuth === undefined ? null : (
        <>
          <Strip azimuthDeg={azimuth.deg} />
          <svg className="sky" viewBox="-195 -170 390 340" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
            <rect className="sure" x={-azimuth.sigmaDeg * PX_PER_DEG} y="-200" width={2 * azimuth.sigmaDeg * PX_PER_DEG} height="400" />
            {[-20, -10, 0, 10, 20].map((k) => {
              const deg = Math.round(elevation.deg / 10) * 10 + k;
              const y = (elevation.deg - deg) * PX_PER_DEG;
              return <path key={deg} className={deg === 0 ? "horizon" : "rung"} d={deg === 0 ? `M-300 ${y}H300` : `M-190 ${y}h14`} />;
            })}
            <path
              className="bracket"
              d="M-80 -50V-62a16 16 0 0 1 16-16h16M80 -50V-62a16 16 0 0 0-16-16h-16M-80 50V62a16 16 0 0 0 16 16h16M80 50V62a16 16 0 0 1-16 16h-16"
            />
          </svg>
        </>
      )}
      <p className="reading">
        {azimuth === undefined ? null : (
          <strong>
            {degrees(azimuth.deg)} {compassPoint(azimuth.deg, language, true)}
          </strong>
        )}{" "}
        <span>{words.aim.up(Math.round(elevation.deg))}</span>
      </p>
    </div>
  );
}

export function Aim(): ReactNode {
  const words = useWords();
  const aim = useAim();
  const { place, device, namedPlace, language } = useField();
  // One press is one report, however often a cold thumb hits the button.
  const pressed = useRef(false);
  const press = async (how: Press): Promise<void> => {
    if (pressed.current) return;
    pressed.current = true;
    const reportId = await report(how);
    if (reportId === undefined) go({ name: "home" });
    else go({ name: "seen", reportId });
  };
  useEffect(() => endAim, []);
  const azimuth = aim?.azimuth;
  const sigma = azimuth === undefined ? undefined : Math.round(azimuth.sigmaDeg);
  const known = device?.places.find(({ id }) => id === namedPlace);
  const named = known === undefined ? undefined : placeName(known, language);
  return (
    <div className="screen aim">
      <TopBar title={azimuth === undefined ? words.aim.whichWay : words.aim.title} back />
      <main>
        {aim !== undefined && azimuth !== undefined ? (
          <Finder aim={aim} />
        ) : (
          <>
            <p className="note caution">
              <LevelShape level="caution" /> {words.aim.noCompass}
            </p>
            <div className="rose">
              {ROSE.map((word) => (
                <button key={word} type="button" data-word={word} onClick={() => void press({ word })}>
                  {word === "overhead" ? words.aim.overhead : words.compass[word]}
                </button>
              ))}
            </div>
          </>
        )}
        <p className="sureness">
          {sigma === undefined ? null : sigma <= STEADY_DEG ? (
            <span>
              <StatusShape status="normal" /> {words.aim.steady(sigma)}
            </span>
          ) : (
            <span>
              <LevelShape level="caution" /> {words.aim.unsure(sigma)}
            </span>
          )}
          <span className="quiet">
            {place === undefined ? (named ?? words.aim.noPlace) : words.aim.place(distanceText(Math.max(1, place.errorM)))}
          </span>
        </p>
      </main>
      <footer>
        <Big
          kind={azimuth === undefined ? "plain" : "main"}
          name="send"
          onPress={() => void press(azimuth === undefined ? { noDirection: true } : {})}
        >
          {azimuth === undefined ? words.aim.notKnown : words.aim.send}
        </Big>
        <div className="pair">
          <Big name="heard" onPress={() => void press({ heardOnly: true, noDirection: azimuth === undefined })}>
            {words.aim.heard}
          </Big>
          <Big kind="risk" name="risk" onPress={() => void press({ atRisk: true, noDirection: azimuth === undefined })}>
            {words.aim.risk}
          </Big>
        </div>
      </footer>
    </div>
  );
}
