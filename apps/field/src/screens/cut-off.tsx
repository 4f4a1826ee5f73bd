// A phone that cannot warn says so: while the hub is silent, after it slept, and even when this page itself has stopped running.
import { type ReactNode, useEffect, useRef } from "react";
import { LevelShape } from "@atalaya/web/marks";
import { useField } from "../state.ts";
import { clock, useWords } from "../words/words.ts";
import { Big, useZone } from "./parts.tsx";

/** The page is alive if it puts the curtain back this often; the curtain comes down by itself otherwise. */
const ALIVE_MS = 500;
const FALLS_AFTER_MS = 3000;

/**
 * Drawn by the browser's compositor, which goes on when the page's own thread hangs: an animation that would show it in three seconds, set back
 * to its beginning all the time by this page as long as it runs.
 */
export function FrozenCurtain(): ReactNode {
  const words = useWords();
  const curtain = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const falling = curtain.current?.animate([{ opacity: 0 }, { opacity: 1 }], {
      delay: FALLS_AFTER_MS,
      duration: 1,
      fill: "both",
    });
    if (falling === undefined) return undefined;
    const timer = setInterval(() => {
      falling.currentTime = 0;
    }, ALIVE_MS);
    return () => {
      clearInterval(timer);
      falling.cancel();
    };
  }, []);
  return (
    <div className="curtain" ref={curtain} aria-hidden="true">
      <strong>{words.cut.title}</strong>
      <p>{words.cut.frozen}</p>
    </div>
  );
}

/** On shift without a word from the hub. */
export function CutOff(): ReactNode {
  const words = useWords();
  const zone = useZone();
  const { silentSinceMs, onShift, slept } = useField();
  return (
    <>
      {silentSinceMs !== undefined && onShift ? (
        <section className="cut-off" role="alert" data-cut-off>
          <h2>
            <LevelShape level="caution" /> {words.cut.title}
          </h2>
          <p>
            {words.cut.since(clock(silentSinceMs, zone, true))} <strong>{words.cut.instead}</strong> {words.cut.still}
          </p>
        </section>
      ) : null}
      {slept === undefined || !onShift ? null : (
        <section className="cut-off slept" role="alert" data-slept>
          <p>{words.cut.slept(clock(slept.fromMs, zone, true), clock(slept.untilMs, zone, true))}</p>
          <Big name="slept" onPress={() => useField.setState({ slept: undefined })}>
            {words.cut.ok}
          </Big>
        </section>
      )}
    </>
  );
}
