// Whether this is real: live, a drill, or a replay. The same on every screen.
import type { ReactNode } from "react";
import { useShown } from "./link/store.ts";
import { catalogues } from "./words/words.ts";

export function ModeBox(): ReactNode {
  const { sector, language } = useShown();
  const words = catalogues[language];
  const mode = sector?.mode ?? "live";
  const text =
    mode === "replay" ? `◀◀ ${words.mode.replay}${sector?.replaySpeed === undefined ? "" : ` ×${sector.replaySpeed}`}` : words.mode[mode];
  return (
    <div className={`mode-box ${mode}`} role="status">
      {mode === "live" ? <span className="live-dot" aria-hidden="true" /> : null}
      {text}
    </div>
  );
}
