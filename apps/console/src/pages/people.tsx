// Our people, who stands at which post, drones that are ours or allowed, and what a drill may reach: a list, the map, and what is chosen.
import { type AuthorisedDrone, type Person, paths } from "@atalaya/protocol";
import { type ReactNode, useCallback, useEffect, useState } from "react";
import { Button, Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { useAsked } from "../link/asked.ts";
import { useShown } from "../link/store.ts";
import { MapView } from "../map/map-view.tsx";
import { DrillReachForm } from "../people/drill-reach.tsx";
import { DroneEditor, DroneList } from "../people/drones.tsx";
import type { MapTaker } from "../people/on-map.ts";
import { PersonEditor } from "../people/person-editor.tsx";
import { PostList, PostStaff } from "../people/posts.tsx";
import { Roster } from "../people/roster.tsx";
import { catalogues } from "../words/words.ts";

const TABS = ["people", "posts", "drones", "drill"] as const;
type Section = (typeof TABS)[number];
/** Positions age, phones come and go: asked again this often. */
const EVERY_MS = 5000;
const NEW = "";

export function People(): ReactNode {
  const { language, zones } = useShown();
  const words = catalogues[language].people;
  const { value: people, load } = useAsked<readonly Person[]>(paths.people, EVERY_MS);
  const { value: drones, load: loadDrones } = useAsked<readonly AuthorisedDrone[]>(paths.authorisedDrones, EVERY_MS);
  const [section, setSection] = useState<Section>("people");
  /** What is chosen in this section: an id, `NEW`, or nothing. */
  const [chosen, setChosen] = useState<string>();
  const [taker, setTaker] = useState<MapTaker>();
  const onMap = useCallback((next: MapTaker | undefined) => setTaker(next), []);
  useEffect(() => {
    useShown.setState({
      places: (people ?? []).flatMap(({ name, onShift, position }) => (position === undefined || !onShift ? [] : [{ name, ...position }])),
    });
  }, [people]);
  useEffect(() => () => useShown.setState({ places: [] }), []);
  // On a small screen the pane lies below: what was chosen is brought before the eyes.
  useEffect(() => {
    const pane = document.querySelector<HTMLElement>(".pane-detail");
    if (pane === null || chosen === undefined) return;
    pane.scrollIntoView({ block: "nearest" });
    // A form that was replaced by another took the focus with it.
    if (document.activeElement === document.body) pane.focus();
  }, [chosen, section]);

  const all = people ?? [];
  const person = all.find(({ id }) => id === chosen);
  const drone = drones?.find(({ id }) => id === chosen);
  const post = zones.find(({ id, kind }) => id === chosen && kind === "post");
  const on = all.filter(({ onShift }) => onShift).length;
  const hint = { people: words.choose, posts: words.choosePost, drones: words.drones.choose, drill: words.drill.hint }[section];
  // Offered once the list is known: a new one must not take the id of one that is there.
  const add = (what: string): ReactNode => (
    <div className="row padded">
      <Button className={chosen === undefined ? "primary" : ""} onPress={() => setChosen(NEW)}>
        {what}
      </Button>
    </div>
  );
  const detail = (): ReactNode => {
    if (section === "people" && (person !== undefined || chosen === NEW))
      return (
        <PersonEditor
          key={chosen}
          person={person}
          people={all}
          onMap={onMap}
          onDone={async (next) => {
            await load();
            setChosen(next);
          }}
        />
      );
    if (section === "posts" && post !== undefined) return <PostStaff key={post.id} post={post} people={all} onDone={load} />;
    if (section === "drones" && (drone !== undefined || chosen === NEW))
      return (
        <DroneEditor
          key={chosen}
          drone={drone}
          drones={drones ?? []}
          onMap={onMap}
          onDone={async (next) => {
            await loadDrones();
            setChosen(next);
          }}
        />
      );
    return section === "drill" ? null : <p className="quiet padded">{hint}</p>;
  };
  return (
    <main className="watch people">
      <aside className="pane-dangers" tabIndex={-1} aria-label={words.title}>
        <h2>
          {words.title} <span>{people === undefined ? "" : words.onShift(on, all.length)}</span>
        </h2>
        <Tabs
          selectedKey={section}
          onSelectionChange={(key) => {
            const next = TABS.find((known) => known === key);
            if (next === undefined) return;
            setSection(next);
            setChosen(undefined);
          }}
        >
          <TabList aria-label={words.title} className="tabs">
            {TABS.map((known) => (
              <Tab key={known} id={known} className="tab">
                {words.tabs[known]}
              </Tab>
            ))}
          </TabList>
          <TabPanel id="people">
            {people === undefined ? null : (
              <>
                <Roster people={all} chosen={chosen} onChoose={setChosen} onDone={load} />
                {add(words.add)}
              </>
            )}
          </TabPanel>
          <TabPanel id="posts">{people === undefined ? null : <PostList people={all} chosen={chosen} onChoose={setChosen} />}</TabPanel>
          <TabPanel id="drones">
            {drones === undefined ? null : (
              <>
                <DroneList drones={drones} chosen={chosen} onChoose={setChosen} />
                {add(words.drones.add)}
              </>
            )}
          </TabPanel>
          <TabPanel id="drill">{people === undefined ? null : <DrillReachForm people={all} />}</TabPanel>
        </Tabs>
      </aside>
      <section className="centre">
        <MapView onPlace={taker?.take} />
      </section>
      <aside className="pane-detail" tabIndex={-1} aria-label={person?.name ?? post?.name ?? drone?.name ?? hint}>
        {detail()}
      </aside>
    </main>
  );
}
