// What devices in TAK said: asked for while an officer is signed in.
import { paths, type TakHeard, type TakSaid } from "@atalaya/protocol";
import { useEffect } from "react";
import { soundAttention } from "@atalaya/web/sound";
import { ask, isRefused } from "./api.ts";
import { maySee, useShown } from "./store.ts";

const EVERY_MS = 2000;
/** What an officer must not miss. */
const CALLS: ReadonlySet<string> = new Set<TakSaid["kind"]>(["alarm", "medical-evacuation"]);

/** Keeps it in the store. */
export function useTakHeard(): void {
  const role = useShown(({ user }) => user?.role);
  useEffect(() => {
    if (!maySee("reports", role)) return undefined;
    let sinceMs = 0;
    const look = async (): Promise<void> => {
      const answer = await ask<TakHeard>("GET", paths.takHeard);
      if (isRefused(answer)) return;
      const { tak: before } = useShown.getState();
      // A call that is repeated renews itself: only one that was not there is heard as new.
      const isNew = ({ kind, uid, heardMs }: TakSaid): boolean =>
        CALLS.has(kind) && heardMs > sinceMs && !before.messages.some((known) => known.kind === kind && known.uid === uid);
      if (answer.messages.some(isNew)) soundAttention();
      sinceMs = Math.max(sinceMs, ...answer.messages.map(({ heardMs }) => heardMs));
      // The same as before draws nothing anew.
      if (JSON.stringify(answer) !== JSON.stringify(before)) useShown.setState({ tak: answer });
    };
    void look();
    const timer = setInterval(() => void look(), EVERY_MS);
    return () => clearInterval(timer);
  }, [role]);
}
