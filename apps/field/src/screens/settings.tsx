// Language, colours, one's own place, the sound's test, and the end of the shift.
import { soundPerson } from "@atalaya/web/sound";
import { THEMES } from "@atalaya/web/tokens";
import { type ReactNode, useEffect, useState } from "react";
import { placeName } from "../report/make.ts";
import { endShift, leave, namePlace, ownReliability } from "../device.ts";
import { choose, go, useField } from "../state.ts";
import { catalogues, useWords } from "../words/words.ts";
import { Abilities } from "./home.tsx";
import { Big, Choice, TopBar } from "./parts.tsx";

/** Places to choose from; beyond, a list is no help to a thumb. */
const MAX_PLACES = 12;

export function Settings(): ReactNode {
  const words = useWords();
  const { language, theme, device, onShift, namedPlace } = useField();
  const [sure, setSure] = useState(false);
  const [rating, setRating] = useState<string | undefined>();
  useEffect(() => void ownReliability().then(setRating), []);
  const posts = (device?.places ?? []).slice(0, MAX_PLACES);
  return (
    <div className="screen">
      <TopBar title={words.settings.title} back />
      <main>
        <Choice
          name="language"
          label={words.settings.language}
          options={[
            { value: "en", label: catalogues.en.language },
            { value: "es", label: catalogues.es.language },
          ]}
          value={language}
          onChange={(chosen) => {
            if (chosen === undefined) return;
            choose("language", chosen);
            useField.setState({ language: chosen });
          }}
        />
        <Choice
          name="theme"
          label={words.settings.theme}
          options={THEMES.map((value) => ({ value, label: words.theme[value] }))}
          value={theme}
          onChange={(chosen) => {
            if (chosen === undefined) return;
            choose("theme", chosen);
            useField.setState({ theme: chosen });
          }}
        />
        {posts.length === 0 ? null : (
          <Choice
            name="place"
            label={words.settings.place}
            options={posts.map((place) => ({ value: place.id, label: placeName(place, language) }))}
            value={namedPlace}
            onChange={namePlace}
          />
        )}
        <section className="card">
          <h2>{words.shift.this}</h2>
          <Abilities />
          <Big name="test-sound" onPress={() => soundPerson(1)}>
            {words.shift.testSound}
          </Big>
        </section>
        <Big name="about-me" onPress={() => go({ name: "about-me" })}>
          {words.home.aboutMe}
        </Big>
        {rating === undefined ? null : <p className="hint">{words.reports.reliability(rating)}</p>}
        <p className="hint">{words.settings.version}</p>
        <Big name="leave" onPress={() => (sure ? void leave() : setSure(true))}>
          {sure ? words.settings.leaveSure : words.settings.leave}
        </Big>
        <p className="hint">{words.settings.leaveHint}</p>
      </main>
      <footer>
        {onShift ? (
          <Big name="end-shift" onPress={() => void endShift()}>
            {words.shift.end}
          </Big>
        ) : null}
      </footer>
    </div>
  );
}
