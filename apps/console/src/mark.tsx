// The watchtower, and the shapes of level and status: shape first, then word, then colour.
import type { WarningLevel } from "@atalaya/protocol";
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

export function TrackShape({ hollow }: { readonly hollow: boolean }): ReactNode {
  return (
    <svg className="shape track-shape" viewBox="0 0 16 16" aria-hidden="true">
      <path
        d="M8 1 13.5 14.5 8 11 2.5 14.5z"
        fill={hollow ? "none" : "currentColor"}
        stroke="currentColor"
        strokeWidth={hollow ? 1.4 : 0}
        strokeDasharray={hollow ? "2 1.4" : undefined}
      />
    </svg>
  );
}
