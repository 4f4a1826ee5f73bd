// Finding anything by its name: a page, a track, a danger, a post, a person. One line to type in, and Enter goes there.
import { type Person, paths } from "@atalaya/protocol";
import { type ReactNode, useEffect, useState } from "react";
import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { openIncident } from "./actions.ts";
import { ask, isRefused } from "./link/api.ts";
import { maySee, SET_UP, type Shown, useShown, VIEWS } from "./link/store.ts";
import { catalogues, type Words } from "./words/words.ts";

const MOST = 10;

interface Found {
  readonly key: string;
  readonly what: keyof Words["find"]["what"];
  readonly name: string;
  /** Also found by these. */
  readonly more: string;
  readonly go: () => void;
}

/** Without accents and capitals: what is typed in haste has neither. */
function plain(text: string): string {
  return text
    .normalize("NFD")
    .replaceAll(/\p{Mn}/gu, "")
    .toLowerCase();
}

function allOf({ user, warnings, summaries, zones }: Shown, people: readonly Person[], words: Words): readonly Found[] {
  const show = useShown.setState;
  return [
    ...warnings.map(
      ({ id, reference, foremost, trackId, state, trackNumber }): Found => ({
        key: `danger ${id}`,
        what: "danger",
        name: `${foremost.name === "" ? words.dangers.somebody : foremost.name} · ${reference}`,
        more: `${trackId} ${id}`,
        go: () =>
          maySee("incidents", user?.role) && state === "cleared" ? openIncident(id) : show({ view: "watch", selected: trackNumber }),
      }),
    ),
    ...[...summaries.values()].map(
      ({ number, id, identity }): Found => ({
        key: `track ${number}`,
        what: "track",
        name: identity === undefined ? id : `${id} · ${identity}`,
        more: "",
        go: () => show({ view: "watch", selected: number }),
      }),
    ),
    ...zones.map(({ id, name }): Found => ({ key: `zone ${id}`, what: "zone", name, more: id, go: () => show({ view: "zones" }) })),
    ...people.map(
      ({ id, name, team, role }): Found => ({
        key: `person ${id}`,
        what: "person",
        name,
        more: `${team} ${role}`,
        go: () => show({ view: "people" }),
      }),
    ),
    ...[...VIEWS, ...SET_UP]
      .filter((view) => maySee(view, user?.role))
      .map((view): Found => ({ key: `view ${view}`, what: "view", name: words.views[view], more: view, go: () => show({ view }) })),
  ];
}

/** Names that begin so come before those that only hold it. */
function found(all: readonly Found[], typed: string): readonly Found[] {
  const wanted = plain(typed.trim());
  if (wanted === "") return [];
  const rank = ({ name, more }: Found): number => {
    const at = plain(name).indexOf(wanted);
    return at === 0 ? 0 : at > 0 ? 1 : plain(more).includes(wanted) ? 2 : 3;
  };
  return all
    .map((one) => ({ one, at: rank(one) }))
    .filter(({ at }) => at < 3)
    .sort((a, b) => a.at - b.at)
    .slice(0, MOST)
    .map(({ one }) => one);
}

function FindDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const shown = useShown();
  const words = catalogues[shown.language];
  const [typed, type] = useState("");
  const [at, move] = useState(0);
  const [people, setPeople] = useState<readonly Person[]>([]);
  const mayPeople = maySee("people", shown.user?.role);
  useEffect(() => {
    if (!mayPeople) return;
    void ask<readonly Person[]>("GET", paths.people).then((answer) => {
      if (!isRefused(answer)) setPeople(answer);
    });
  }, [mayPeople]);
  const list = found(allOf(shown, people, words), typed);
  const chosen = Math.min(at, list.length - 1);
  const go = (one: Found | undefined): void => {
    if (one === undefined) return;
    onClose();
    one.go();
  };
  return (
    <Dialog className="dialog find">
      <Heading slot="title">{words.find.title}</Heading>
      <label>
        {words.find.label}
        <input
          name="find"
          autoFocus
          autoComplete="off"
          spellCheck={false}
          role="combobox"
          aria-expanded={list.length > 0}
          aria-controls="found"
          aria-activedescendant={chosen < 0 ? undefined : `found-${chosen}`}
          value={typed}
          onChange={({ target }) => {
            type(target.value);
            move(0);
          }}
          onKeyDown={(event) => {
            if (event.key === "ArrowDown" || event.key === "ArrowUp") {
              event.preventDefault();
              move(Math.max(0, Math.min(list.length - 1, chosen + (event.key === "ArrowDown" ? 1 : -1))));
            } else if (event.key === "Enter") {
              event.preventDefault();
              go(list[chosen]);
            }
          }}
        />
      </label>
      {typed.trim() !== "" && list.length === 0 ? <p className="quiet">{words.find.none}</p> : null}
      <ul id="found" role="listbox" aria-label={words.find.title}>
        {list.map((one, k) => (
          // The arrow keys of the field above go through the list.
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
          <li
            key={one.key}
            id={`found-${k}`}
            role="option"
            aria-selected={k === chosen}
            className={k === chosen ? "selected" : ""}
            onClick={() => go(one)}
          >
            <span className="grow">{one.name}</span> <span className="quiet">{words.find.what[one.what]}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

export function Find(): ReactNode {
  const finding = useShown(({ finding: open }) => open);
  if (!finding) return null;
  const close = (): void => useShown.setState({ finding: false });
  return (
    <ModalOverlay isOpen isDismissable onOpenChange={close} className="overlay">
      <Modal>
        <FindDialog onClose={close} />
      </Modal>
    </ModalOverlay>
  );
}
