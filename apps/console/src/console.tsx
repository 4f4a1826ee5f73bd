// The console around its views: top bar, mode, stale banner, bottom bar, keys.
import type { Language } from "@atalaya/web/language";
import { paths } from "@atalaya/protocol";
import { type ReactNode, useEffect, useState } from "react";
import { Button, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { loadCalm } from "./actions.ts";
import { ask } from "./link/api.ts";
import {
  connect,
  firstSetUp,
  keep,
  nothingHeard,
  onReport,
  maySee,
  sectorNow,
  SET_UP,
  silentForMs,
  STALE_MS,
  useShown,
  VIEWS,
  type View,
} from "./link/store.ts";
import { useTakHeard } from "./link/tak-heard.ts";
import { Mark } from "@atalaya/web/marks";
import { Analysis } from "./pages/analysis.tsx";
import { Bulletins } from "./pages/bulletins.tsx";
import { Accounts } from "./pages/accounts.tsx";
import { CalmPage } from "./pages/calm.tsx";
import { Health } from "./pages/health.tsx";
import { Incidents } from "./pages/incidents.tsx";
import { Outlets } from "./pages/outlets.tsx";
import { People } from "./pages/people.tsx";
import { ReadinessPage } from "./pages/readiness.tsx";
import { Reports } from "./pages/reports.tsx";
import { Rules } from "./pages/rules.tsx";
import { Zones } from "./pages/zones.tsx";
import { Find } from "./find.tsx";
import { KeyList, useKeys } from "./keys.tsx";
import { ModeBox } from "./mode-box.tsx";
import { soundAttention, soundWarning, unlockSound } from "@atalaya/web/sound";
import { THEMES } from "@atalaya/web/tokens";
import { DecisionDialog } from "./watch/decisions.tsx";
import { Notices } from "./watch/notice.tsx";
import { Watch } from "./watch/watch.tsx";
import { clock, seconds, zoneName, zulu } from "./words/figures.ts";
import { catalogues } from "./words/words.ts";

function Clock(): ReactNode {
  const { stale, sector, language } = useShown();
  const [, again] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => again((n) => n + 1), 500);
    return () => clearInterval(timer);
  }, []);
  const now = sectorNow();
  if (now === 0) return null;
  const day = new Date(now).toLocaleDateString(language === "es" ? "es-MX" : "en-GB", {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: sector?.timeZone,
  });
  return (
    <div className={stale ? "clock stopped" : "clock"}>
      <strong>{clock(now, sector?.timeZone)}</strong> <span>{zoneName(now, sector?.timeZone)}</span>{" "}
      <span>
        {zulu(now)}
        <span className="day"> · {day}</span>
      </span>
    </div>
  );
}

function UserMenu(): ReactNode {
  const { user, language, theme, letters } = useShown();
  const words = catalogues[language];
  const act = (key: string): void => {
    const [what, value = ""] = key.split(":");
    if (what === "language") {
      keep("language", value);
      useShown.setState({ language: value as Language });
    } else if (what === "theme") {
      const chosen = THEMES.find((known) => known === value);
      if (chosen === undefined) return;
      keep("theme", chosen);
      useShown.setState({ theme: chosen });
    } else if (what === "letters") {
      keep("letters", letters ? "off" : "on");
      useShown.setState({ letters: !letters });
    } else void ask("DELETE", paths.session).then(() => location.reload());
  };
  return (
    <MenuTrigger>
      <Button className="user">
        <strong>{user?.name}</strong>
        <span>{user === undefined ? "" : words.role[user.role]}</span>
      </Button>
      <Popover placement="bottom end">
        <Menu className="menu" aria-label={user?.name ?? ""} onAction={(key) => act(String(key))}>
          {(["en", "es"] as const).map((code) => (
            <MenuItem key={code} id={`language:${code}`}>
              {language === code ? "● " : "○ "}
              {catalogues[code].language}
            </MenuItem>
          ))}
          {THEMES.map((name) => (
            <MenuItem key={name} id={`theme:${name}`}>
              {theme === name ? "● " : "○ "}
              {words.theme[name]}
            </MenuItem>
          ))}
          <MenuItem id="letters">
            {letters ? "● " : "○ "}
            {words.menu.letters}
          </MenuItem>
          <MenuItem id="sign-out">{words.menu.signOut}</MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

/** A frozen picture never looks live: full width, with its age. */
function StaleBanner(): ReactNode {
  const { stale, health, sources, language } = useShown();
  const words = catalogues[language];
  useShown(({ revision }) => revision);
  const loading = nothingHeard();
  const shown = !loading && stale;
  const silent = health?.silentSources.join() ?? "";
  useEffect(() => {
    if (shown || silent !== "") soundAttention();
  }, [shown, silent]);
  if (loading) return stale ? <div className="banner">{words.stale.loading}</div> : null;
  if (!shown) {
    const names = (health?.silentSources ?? []).map((id) => sources.find((source) => source.id === id)?.name ?? id);
    if (names.length === 0) return null;
    return (
      <div className="banner silent" role="alert">
        <strong>⊘ {words.stale.silent(names.length, names.join(", "))}</strong> {words.stale.silentDetail}
      </div>
    );
  }
  const age = Math.round(silentForMs() / 1000);
  const hubSilent = age * 1000 >= STALE_MS;
  return (
    <div className="banner stale" role="alert">
      <strong>◆ {hubSilent ? words.stale.title(age) : words.stale.late(Math.round(health?.tickLateS ?? 0))}</strong>{" "}
      {hubSilent ? words.stale.detail : words.stale.lateDetail}
    </div>
  );
}

/** More comes in than there is room for: what is left out is said where the picture is looked at. */
function LoadBanner(): ReactNode {
  const dropping = useShown(({ health }) => health?.dropping.join(" ") ?? "");
  const words = catalogues[useShown(({ language }) => language)];
  const what = (["frames", "detections", "tracks"] as const).filter((kind) => dropping.includes(kind));
  if (what.length === 0) return null;
  return (
    <div className="banner" role="alert">
      <strong>◆ {words.load.title}.</strong> {what.map((kind) => words.load[kind]).join(" ")}
    </div>
  );
}

/** The console's alarm: at once, after 10 s, then every 5 s from 20 s on, until the warning is taken. */
function useWarningSound(): void {
  const warnings = useShown(({ warnings: all }) => all);
  const mode = useShown(({ sector }) => sector?.mode);
  const untaken = warnings
    .filter(({ state, level }) => state === "raised" && level === "warning")
    .map(({ id }) => id)
    .sort()
    .join();
  useEffect(() => {
    // A replay makes no sound.
    if (untaken === "" || mode === "replay") return undefined;
    soundWarning();
    const second = setTimeout(soundWarning, 10_000);
    let repeat: ReturnType<typeof setInterval> | undefined;
    const later = setTimeout(() => {
      soundWarning();
      repeat = setInterval(soundWarning, 5000);
    }, 20_000);
    return () => {
      clearTimeout(second);
      clearTimeout(later);
      clearInterval(repeat);
    };
  }, [untaken, mode]);
}

const CALM_EVERY_MS = 5000;

/** What the watch asks of its officer, and what is put aside or does not work. */
function CalmLine(): ReactNode {
  const { language, calm, warnings, health } = useShown();
  const words = catalogues[language];
  const { bar, channel } = words.duty;
  useEffect(() => {
    void loadCalm();
    const timer = setInterval(() => void loadCalm(), CALM_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  if (calm === undefined) return null;
  const { per10Min, flood, medianAnswerS, standing } = calm.figures;
  const { reach } = calm;
  const toScreenS = health?.channels.find(({ channel: name }) => name === "browser")?.p99S;
  const shelved = warnings.filter(({ shelved: aside }) => aside !== undefined).length;
  const down = calm.channels.filter(({ state }) => state !== "up");
  return (
    <>
      <Button className="plain" onPress={() => useShown.setState({ view: "calm" })}>
        {words.bar.alarms(per10Min)}
        {flood ? ` · ◆ ${bar.flood}` : ""}
      </Button>
      {medianAnswerS === undefined ? null : <span>{bar.answer(seconds(medianAnswerS))}</span>}
      {toScreenS === undefined ? null : <span>{words.bar.toScreen(`${toScreenS.toFixed(2)}\u00a0s`)}</span>}
      {reach.onShift === 0 ? null : (
        <span className={reach.reachable < reach.onShift ? "gap" : ""}>
          {reach.reachable < reach.onShift ? "⊘ " : ""}
          {words.bar.reach(reach.reachable, reach.onShift)}
        </span>
      )}
      {standing === 0 ? null : <span>{bar.standing(standing)}</span>}
      {shelved === 0 ? null : <span>{bar.shelved(shelved)}</span>}
      {calm.mutes.length === 0 ? null : <span>{bar.muted(calm.mutes.length)}</span>}
      {down.length === 0 ? null : <strong>⊘ {bar.channels(down.map((known) => channel[known.channel]).join(", "))}</strong>}
    </>
  );
}

function BottomBar({ onKeys }: { readonly onKeys: () => void }): ReactNode {
  const { language, sources } = useShown();
  const words = catalogues[language];
  return (
    <footer className="bottom-bar">
      <CalmLine />
      <span>{words.bar.sources(sources.filter(({ state }) => state === "hearing").length, sources.length)}</span>
      <span className="grow" />
      <Button className="plain" onPress={onKeys}>
        <kbd>?</kbd> {words.bar.keys}
      </Button>
    </footer>
  );
}

const PAGES: Readonly<Record<View, () => ReactNode>> = {
  watch: Watch,
  reports: Reports,
  incidents: Incidents,
  calm: CalmPage,
  people: People,
  readiness: ReadinessPage,
  analysis: Analysis,
  bulletins: Bulletins,
  zones: Zones,
  rules: Rules,
  outlets: Outlets,
  health: Health,
  accounts: Accounts,
};

function ViewButton({ view, text, current }: { readonly view: View; readonly text: string; readonly current: boolean }): ReactNode {
  return (
    <Button
      className={current ? "view current" : "view"}
      {...(current ? { "aria-current": "page" as const } : {})}
      onPress={() => useShown.setState({ view })}
    >
      {text}
    </Button>
  );
}

/** What is set up once and seldom changed: one entry above, and its pages below it. */
function SetUpBar(): ReactNode {
  const { view, language, user } = useShown();
  const words = catalogues[language];
  const pages = SET_UP.filter((known) => maySee(known, user?.role));
  if (!pages.some((known) => known === view)) return null;
  return (
    <nav className="sub-views" aria-label={words.setUp}>
      {pages.map((known) => (
        <ViewButton key={known} view={known} text={words.views[known]} current={known === view} />
      ))}
    </nav>
  );
}

export function Console(): ReactNode {
  const { language, sector, view, user, refusal, stale } = useShown();
  const words = catalogues[language];
  const [keysShown, showKeys] = useState(false);
  useEffect(() => {
    connect();
    const unlock = (): void => unlockSound();
    addEventListener("pointerdown", unlock, { once: true });
    return () => removeEventListener("pointerdown", unlock);
  }, []);
  useWarningSound();
  useEffect(() => onReport(soundAttention), []);
  useTakHeard();
  useKeys(() => showKeys(true));
  const views = VIEWS.filter((known) => maySee(known, user?.role));
  const setUp = firstSetUp(user?.role);
  const mode = sector?.mode ?? "live";
  const Page = PAGES[view];
  return (
    <div className={`frame ${mode} ${stale ? "is-stale" : ""}`}>
      <header className="top-bar">
        <Mark />
        <h1 className="app-name">{words.appName}</h1>
        <span className="sector">{sector?.name}</span>
        <nav aria-label={words.mainViews}>
          {views.map((known) => (
            <ViewButton key={known} view={known} text={words.views[known]} current={known === view} />
          ))}
          {setUp === undefined ? null : <ViewButton view={setUp} text={words.setUp} current={SET_UP.some((known) => known === view)} />}
        </nav>
        <span className="grow" />
        <ModeBox />
        <Clock />
        <UserMenu />
      </header>
      <Notices />
      <StaleBanner />
      <LoadBanner />
      {refusal === undefined ? null : (
        <div className="banner" role="alert">
          {words.refused(refusal)} <Button onPress={() => useShown.setState({ refusal: undefined })}>{words.detail.close}</Button>
        </div>
      )}
      <SetUpBar />
      <Page />
      <BottomBar onKeys={() => showKeys(true)} />
      <DecisionDialog />
      <Find />
      {keysShown ? <KeyList onClose={() => showKeys(false)} /> : null}
    </div>
  );
}
