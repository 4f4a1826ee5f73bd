// What the hub is asked for of the memo, and again whenever the stream says that it has changed.
import { useEffect } from "react";
import { type Asked, useAsked } from "./asked.ts";
import { type Shown, useShown } from "./store.ts";

export function useMemoAsked<T>(path: string | undefined, ...what: readonly (keyof Shown["memoRevisions"])[]): Asked<T> {
  const revision = useShown(({ memoRevisions }) => what.reduce((sum, one) => sum + memoRevisions[one], 0));
  const asked = useAsked<T>(path, 0);
  const { load } = asked;
  useEffect(() => {
    if (revision > 0) void load();
  }, [revision, load]);
  return asked;
}
