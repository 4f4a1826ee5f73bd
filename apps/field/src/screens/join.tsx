// How a phone becomes somebody's: the code from the link or typed, once.
import { JoinRequest } from "@atalaya/protocol";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { join } from "../device.ts";
import { linked } from "../link/fragment.ts";
import { useField } from "../state.ts";
import { useWords } from "../words/words.ts";
import { TopBar } from "./parts.tsx";

function phoneName(fallback: string): string {
  const { userAgent } = navigator;
  if (/iPhone/.test(userAgent)) return "iPhone";
  if (/iPad/.test(userAgent)) return "iPad";
  return /Android[^;]*; ([^;)]{1,40}?)(?: Build|[;)])/.exec(userAgent)?.[1] ?? fallback;
}

export function Join(): ReactNode {
  const words = useWords();
  const ended = useField(({ session }) => session === "ended");
  const [code, setCode] = useState(linked.join);
  const [name, setName] = useState(() => phoneName(words.join.anotherPhone));
  const [state, setState] = useState<"" | "joining" | "refused" | "unreachable" | "slowDown">("");
  const tried = useRef(false);

  const send = async (): Promise<void> => {
    const asked = JoinRequest.safeParse({ code, device: name });
    if (!asked.success) {
      setState("refused");
      return;
    }
    setState("joining");
    const came = await join(asked.data.code, asked.data.device);
    setState(came === "joined" ? "" : came === "slow-down" ? "slowDown" : came);
  };
  // From the officer's code there is nothing left to decide.
  useEffect(() => {
    if (linked.join === "" || tried.current) return;
    tried.current = true;
    void send();
  });

  return (
    <div className="screen">
      <TopBar title={words.join.title} />
      <main>
        {ended ? <p className="note caution">{words.join.ended}</p> : null}
        {window.isSecureContext ? null : <p className="note caution">{words.join.notSecure}</p>}
        <p className="lead">{words.join.lead}</p>
        <form
          id="join"
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            void send();
          }}
        >
          <label>
            {words.join.code}
            <input
              name="code"
              className="code"
              value={code}
              autoComplete="off"
              autoCapitalize="characters"
              spellCheck={false}
              maxLength={9}
              onChange={({ target }) => setCode(target.value.toUpperCase())}
            />
          </label>
          <label>
            {words.join.deviceName}
            <input name="device" value={name} maxLength={80} autoComplete="off" onChange={({ target }) => setName(target.value)} />
          </label>
        </form>
        <p className="note" role="alert">
          {state === "" ? "" : words.join[state]}
        </p>
        <section className="hints">
          <h2>{words.join.install}</h2>
          <p>{words.join.installApple}</p>
          <p>{words.join.installAndroid}</p>
          <p>{words.join.installOther}</p>
        </section>
      </main>
      <footer>
        <button type="submit" form="join" className="big main" data-action="join" disabled={state === "joining"}>
          {words.join.go}
        </button>
      </footer>
    </div>
  );
}
