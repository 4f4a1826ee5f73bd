// What devices in TAK said: asked for while an officer is signed in.
import { paths, type TakHeard } from "@atalaya/protocol";
import { useEffect } from "react";
import { ask, isRefused } from "./api.ts";
import { maySee, useShown } from "./store.ts";

const EVERY_MS = 2000;

/** Keeps it in the store. */
export function useTakHeard(): void {
  const role = useShown(({ user }) => user?.role);
  useEffect(() => {
    if (!maySee("reports", role)) return undefined;
    const look = async (): Promise<void> => {
      const answer = await ask<TakHeard>("GET", paths.takHeard);
      // The same as before draws nothing anew.
      if (!isRefused(answer) && JSON.stringify(answer) !== JSON.stringify(useShown.getState().tak)) useShown.setState({ tak: answer });
    };
    void look();
    const timer = setInterval(() => void look(), EVERY_MS);
    return () => clearInterval(timer);
  }, [role]);
}
