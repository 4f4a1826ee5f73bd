// Which page is shown: sign-in until there is a session, then the console.
import { paths, SETUP_PATH, type SessionInfo } from "@atalaya/protocol";
import { type ReactNode, useEffect, useState } from "react";
import { ask, isRefused } from "./link/api.ts";
import { Console } from "./console.tsx";
import { SignIn } from "./sign-in.tsx";
import { Wall } from "./wall/wall.tsx";

/** The room's screen: an address of its own, so that it comes back by itself after a power cut. */
const WALL_PATH = "/wall";

/** The one-time token stands behind the # and leaves the address bar at once. */
function takeSetupToken(): string | undefined {
  if (location.pathname !== SETUP_PATH) return undefined;
  const token = /^#token=(.+)$/.exec(location.hash)?.[1];
  history.replaceState(null, "", "/");
  return token;
}
const setupToken = takeSetupToken();

export function App(): ReactNode {
  const [session, setSession] = useState<"asking" | "none" | "signed-in">("asking");
  useEffect(() => {
    if (setupToken !== undefined) {
      setSession("none");
      return;
    }
    void ask<SessionInfo>("GET", paths.session).then((answer) => setSession(isRefused(answer) ? "none" : "signed-in"));
  }, []);
  if (session === "asking") return null;
  if (session === "none") return <SignIn setupToken={setupToken} onDone={() => setSession("signed-in")} />;
  return location.pathname === WALL_PATH ? <Wall /> : <Console />;
}
