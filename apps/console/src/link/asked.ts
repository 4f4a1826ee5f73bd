// What the hub is asked for by a page, and again every few seconds while the page is open: for what the stream does not bring.
import { useCallback, useEffect, useState } from "react";
import { ask, isRefused, type Refused } from "./api.ts";
import { useShown } from "./store.ts";

export interface Asked<T> {
  /** Undefined until the first answer. */
  readonly value: T | undefined;
  readonly load: () => Promise<void>;
}

/** `everyMs` 0: once, and when `load` is called. What could not be had leaves what was there: the banner above says that the hub is silent. */
export function useAsked<T>(path: string | undefined, everyMs: number): Asked<T> {
  const [value, setValue] = useState<T>();
  const load = useCallback(async (): Promise<void> => {
    if (path === undefined) return;
    const answer = await ask<T>("GET", path);
    if (!isRefused(answer)) setValue(answer);
  }, [path]);
  useEffect(() => {
    setValue(undefined);
    void load();
    if (everyMs === 0) return undefined;
    const timer = setInterval(() => void load(), everyMs);
    return () => clearInterval(timer);
  }, [load, everyMs]);
  return { value, load };
}

/** Says above the page why something was not done; true when it was. */
export function wasDone<T>(answer: T | Refused): answer is T {
  if (!isRefused(answer)) return true;
  const { message, status } = answer.refused;
  useShown.setState({ refusal: message === "" ? String(status) : message });
  return false;
}
