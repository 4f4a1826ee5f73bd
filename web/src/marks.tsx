// The watchtower, and the shapes of level and status: shape first, then word, then colour.
import type { TrackKind, WarningLevel } from "@atalaya/protocol";
import type { ReactNode } from "react";

export function Mark(): ReactNode {
  return (
    <svg className="mark" viewBox="0 0 24 24" aria-hidden="true">
      <path
        d="M3 8 12 3l9 5M5 8h14v4H5zM7 12l-1 9M17 12l1 9M7 16h10"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinejoin="round"
      />
    </svg>
  );
}

export function LevelShape({ level }: { readonly level: WarningLevel }): ReactNode {
  return (
    <svg className={`shape ${level}`} viewBox="0 0 16 16" aria-hidden="true">
      {level === "warning" ? (
        <>
          <path d="M8 1 15.5 15H.5z" fill="currentColor" />
          <path d="M8 6v4.5M8 12v1.6" stroke="var(--surface)" strokeWidth="1.8" />
        </>
      ) : level === "caution" ? (
        <path d="M8 .8 15.2 8 8 15.2.8 8z" fill="currentColor" />
      ) : (
        <path d="M2.5 2.5h11v11h-11z" fill="none" stroke="currentColor" strokeWidth="2.2" />
      )}
    </svg>
  );
}

/** ● with check, ○, ⊘ */
export function StatusShape({ status }: { readonly status: "normal" | "waiting" | "off" }): ReactNode {
  return (
    <svg className={`shape status-${status}`} viewBox="0 0 16 16" aria-hidden="true">
      {status === "normal" ? (
        <>
          <circle cx="8" cy="8" r="7" fill="currentColor" />
          <path d="m4.6 8.2 2.4 2.4 4.4-4.8" fill="none" stroke="var(--surface)" strokeWidth="1.8" />
        </>
      ) : (
        <>
          <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="2" />
          {status === "off" ? <path d="M3.8 12.2 12.2 3.8" stroke="currentColor" strokeWidth="2" /> : null}
        </>
      )}
    </svg>
  );
}

/** Outlines of what a track is, as on the map, nose up. */
const OUTLINES: Readonly<Record<TrackKind, string>> = {
  unknown: "M8 1 13.5 14.5 8 11 2.5 14.5z",
  suspect: "M8 .5 12.2 7.5 8 15.5 3.8 7.5z",
  own: "M8 .5 10.3 4.6a5 5 0 1 1-4.6 0z",
  authorised: "M8 .5 10.3 5H13v9.5H3V5h2.7z",
  manned: "M7.2 1.2h1.6v4.6l6.4 4v1.6L8.8 9.6v3l2 1.4v1.2L8 14.6l-2.8.6v-1.2l2-1.4v-3L.8 11.4V9.8l6.4-4z",
  bird: "M4 8.6c.6-2 3.4-2 4 0 .6-2 3.4-2 4 0",
  balloon: "M8 4a2.4 2.4 0 1 1-.01 0M8 9v3",
  star: "M8 4 9 7 12 8 9 9 8 12 7 9 4 8 7 7z",
};

/** What it is, as on the map: filled when sensors vouch for it, hollow and dashed when not, a dashed ring around a look-alike. */
export function TrackShape({ kind, hollow }: { readonly kind: TrackKind; readonly hollow: boolean }): ReactNode {
  const lookalike = kind === "bird" || kind === "balloon" || kind === "star";
  return (
    <svg className={`shape track-shape kind-${kind}`} viewBox="0 0 16 16" aria-hidden="true">
      {lookalike ? (
        <>
          <circle cx="8" cy="8" r="7" fill="none" stroke="currentColor" strokeWidth="1.4" strokeDasharray="2 1.6" />
          <path d={OUTLINES[kind]} fill="none" stroke="currentColor" strokeWidth="1.5" />
        </>
      ) : (
        <path
          d={OUTLINES[kind]}
          fill={hollow ? "none" : "currentColor"}
          stroke="currentColor"
          strokeWidth={hollow ? 1.4 : 0}
          strokeDasharray={hollow ? "2 1.4" : undefined}
        />
      )}
    </svg>
  );
}
