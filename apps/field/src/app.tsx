// Which screen is shown; a warning stands over all of them.
import { lazy, type ReactNode, Suspense } from "react";
import { Aim } from "./screens/aim.tsx";
import { AboutMe } from "./screens/about-me.tsx";
import { Bulletins, OneBulletin } from "./screens/bulletins.tsx";
import { Carry } from "./screens/carry.tsx";
import { CutOff, FrozenCurtain } from "./screens/cut-off.tsx";
import { Home } from "./screens/home.tsx";
import { Join } from "./screens/join.tsx";
import { TopBar } from "./screens/parts.tsx";
import { OneReport, Reports, Team } from "./screens/reports.tsx";
import { Seen } from "./screens/seen.tsx";
import { Settings } from "./screens/settings.tsx";
import { NoticeLines, Warned } from "./screens/warned.tsx";
import { useField } from "./state.ts";
import { covers, foremost } from "./warned/notices.ts";
import { useWords } from "./words/words.ts";

// The map's library is larger than all the rest: nobody waits for it who does not ask for the map.
const FieldMap = lazy(async () => import("./screens/map.tsx").then((module) => ({ default: module.FieldMap })));

function Now(): ReactNode {
  const words = useWords();
  const screen = useField((shown) => shown.screen);
  switch (screen.name) {
    case "home":
      return <Home />;
    case "aim":
      return <Aim />;
    case "seen":
      return <Seen key={screen.reportId} reportId={screen.reportId} />;
    case "reports":
      return <Reports />;
    case "report":
      return <OneReport id={screen.id} />;
    case "team":
      return <Team />;
    case "bulletins":
      return <Bulletins />;
    case "bulletin":
      return <OneBulletin key={screen.id} id={screen.id} />;
    case "carry":
      return <Carry />;
    case "about-me":
      return <AboutMe />;
    case "settings":
      return <Settings />;
    case "map":
      return (
        <Suspense
          fallback={
            <div className="screen">
              <TopBar title={words.map.title} back />
              <main>
                <p className="lead">{words.map.loading}</p>
              </main>
            </div>
          }
        >
          <FieldMap />
        </Suspense>
      );
  }
}

export function App(): ReactNode {
  const words = useWords();
  const { ready, session, notices, aside, opened, mode, onShift } = useField();
  if (!ready) return null;
  if (session !== "joined") return <Join />;
  const first = foremost(notices.filter((notice) => covers(notice, aside))) ?? notices.find(({ id }) => id === opened);
  const lines = notices.filter((notice) => notice !== first && !notice.asks);
  return (
    <div className={`frame ${mode}`}>
      <div className="under" inert={first !== undefined}>
        {mode === "live" ? null : <p className="mode-box">{words.mode[mode]}</p>}
        <CutOff />
        {lines.length === 0 ? null : <NoticeLines notices={lines} />}
        <Now />
      </div>
      {first === undefined ? null : <Warned notice={first} others={notices.filter(({ asks }) => asks).length - (first.asks ? 1 : 0)} />}
      {onShift ? <FrozenCurtain /> : null}
    </div>
  );
}
