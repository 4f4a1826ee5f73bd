// What several screens are made of: the bar on top, the link, big buttons, choices.
import { Mark, StatusShape } from "@atalaya/web/marks";
import { type ReactNode, useEffect, useState } from "react";
import { go, useField } from "../state.ts";
import { clock, useWords } from "../words/words.ts";

/** Draws again so often: for clocks and ages. */
export function useEvery(ms: number): void {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), ms);
    return () => clearInterval(timer);
  }, [ms]);
}

export function useZone(): string | undefined {
  return useField(({ device }) => device?.sector.timeZone);
}

function Link(): ReactNode {
  const words = useWords();
  const { session, silentSinceMs, connecting } = useField();
  if (session !== "joined") return null;
  if (connecting)
    return (
      <span className="link" data-link="connecting">
        <StatusShape status="waiting" /> {words.connecting}
      </span>
    );
  const linked = silentSinceMs === undefined;
  return (
    <span className={`link ${linked ? "linked" : "cut"}`} data-link={linked ? "up" : "down"}>
      <StatusShape status={linked ? "normal" : "off"} /> {linked ? words.linked : words.cutOff}
    </span>
  );
}

/** Time, sector, link; and the way back where there is one. */
export function TopBar({ title, back }: { readonly title: string; readonly back?: boolean }): ReactNode {
  const words = useWords();
  const zone = useZone();
  const device = useField((shown) => shown.device);
  useEvery(1000);
  return (
    <header className="top">
      <div className="row small">
        <time>{clock(Date.now(), zone)}</time>
        <span className="quiet grow end">{device?.sector.name}</span>
      </div>
      <div className="row">
        {back === true ? (
          <button type="button" className="back" aria-label={words.back} onClick={() => go({ name: "home" })}>
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path d="M15 4 7 12l8 8" fill="none" stroke="currentColor" strokeWidth="2.5" />
            </svg>
          </button>
        ) : (
          <Mark />
        )}
        <h1 className="grow">{title}</h1>
        <Link />
      </div>
    </header>
  );
}

export interface Option<T extends string> {
  readonly value: T;
  readonly label: string;
}

/** One of a few, in one tap; a second tap takes it back. */
export function Choice<T extends string>({
  name,
  label,
  hint,
  options,
  value,
  columns,
  onChange,
}: {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly options: readonly Option<T>[];
  readonly value: T | undefined;
  readonly columns?: 4;
  readonly onChange: (value: T | undefined) => void;
}): ReactNode {
  return (
    <fieldset className="choice" data-choice={name}>
      <legend>{label}</legend>
      {hint === undefined ? null : <p className="hint">{hint}</p>}
      <div
        className={`options columns-${columns ?? (options.length % 3 !== 0 && options.some((option) => option.label.length > 7) ? 2 : 3)}`}
      >
        {options.map((option) => (
          <button
            key={option.value}
            type="button"
            aria-pressed={option.value === value}
            data-value={option.value}
            onClick={() => onChange(option.value === value ? undefined : option.value)}
          >
            {option.label}
          </button>
        ))}
      </div>
    </fieldset>
  );
}

export function options<T extends string>(labels: Readonly<Record<T, string>>): readonly Option<T>[] {
  return (Object.keys(labels) as T[]).map((value) => ({ value, label: labels[value] }));
}

/** Filled, outlined or dangerous; never smaller than a gloved thumb. */
export function Big({
  children,
  onPress,
  kind = "plain",
  name,
  disabled = false,
}: {
  readonly children: ReactNode;
  readonly onPress: () => void;
  readonly kind?: "main" | "plain" | "risk";
  readonly name?: string;
  readonly disabled?: boolean;
}): ReactNode {
  return (
    <button type="button" className={`big ${kind}`} data-action={name} disabled={disabled} onClick={onPress}>
      {children}
    </button>
  );
}
