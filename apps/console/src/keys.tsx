// The officer's keys. Letters sleep in text fields and can be turned off.
import { type ReactNode, useEffect } from "react";
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { acknowledge, beginCall, copyGrid, escalate, openIncident, standing, step, openNewest } from "./actions.ts";
import { firstSetUp, hasRight, maySee, useShown, VIEWS } from "./link/store.ts";
import { tableOrder } from "./watch/table-order.ts";
import { catalogues } from "./words/words.ts";

const PANES = [
  ".pane-dangers",
  ".pane-centre",
  ".map",
  ".track-table",
  ".pane-detail",
  ".pane-incidents",
  ".pane-facts",
  ".pane-moment",
  ".sign-off",
];

/** Keys that end or put aside the top danger, each with a reason. */
const ENDINGS: Readonly<Record<string, "clear" | "stand-down" | "shelve">> = { a: "clear", d: "stand-down", h: "shelve" };

/** The call that has waited longest, or the one after the one in hand. */
function nextCall(): void {
  useShown.setState({ view: "watch" });
  setTimeout(() => {
    const calls = [...document.querySelectorAll<HTMLElement>(".calls li")];
    const at = calls.findIndex((call) => call.contains(document.activeElement));
    calls[(at + 1) % Math.max(1, calls.length)]?.querySelector("button")?.focus();
  });
}

/** The layers are chosen where they are seen. */
function openLayers(): void {
  useShown.setState({ view: "watch" });
  setTimeout(() => document.querySelector<HTMLElement>(".map-layers button")?.click());
}

function nextPane(): void {
  const at = PANES.findIndex((selector) => document.querySelector(selector)?.contains(document.activeElement) === true);
  for (let k = 1; k <= PANES.length; k += 1) {
    const pane = document.querySelector<HTMLElement>(PANES[(at + k) % PANES.length] ?? "");
    if (pane === null) continue;
    pane.focus();
    return;
  }
}

export function useKeys(showKeys: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key === "F6") {
        event.preventDefault();
        nextPane();
        return;
      }
      if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        useShown.setState({ finding: true });
        return;
      }
      const target = event.target instanceof HTMLElement ? event.target : undefined;
      const within = (selector: string): boolean => target !== undefined && target.closest(selector) !== null;
      if (
        within("input, textarea, select, [contenteditable], [role=dialog], [role=menu]") ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey
      )
        return;
      const { letters, view, user, incident } = useShown.getState();
      if (event.key === "Escape") useShown.setState({ selected: undefined, following: false, incident: undefined, bulletin: undefined });
      else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        // In an incident they go from fact to fact: its page takes them.
        if (view !== "watch" && (view !== "incidents" || incident !== undefined)) return;
        event.preventDefault();
        if (view === "incidents") openNewest();
        else step(event.key === "ArrowDown" ? 1 : -1, tableOrder());
      } else if (event.key === "?") showKeys();
      else if (event.key === "/") {
        event.preventDefault();
        useShown.setState({ view: "watch" });
        setTimeout(() => document.querySelector<HTMLInputElement>("#track-filter")?.focus());
      } else if (letters) {
        const open = standing();
        const [top] = open;
        const untaken = open.find(({ state }) => state === "raised");
        const ending = ENDINGS[event.key];
        const mayDecide = hasRight(user, "officer") && top?.state !== "cleared";
        const chosen = event.key === "0" ? firstSetUp(user?.role) : VIEWS[Number(event.key) - 1];
        if (chosen !== undefined && maySee(chosen, user?.role)) useShown.setState({ view: chosen });
        else if (event.key === "t" && untaken !== undefined) void acknowledge(untaken.id);
        else if (mayDecide && ending !== undefined && top !== undefined) {
          // The letter opens the dialog and is not typed into it.
          event.preventDefault();
          useShown.setState({ deciding: { what: ending, id: top.id } });
        } else if (event.key === "i" && top !== undefined && maySee("incidents", user?.role)) openIncident(top.id);
        else if (event.key === "c") nextCall();
        else if (event.key === "w" && top !== undefined) useShown.setState({ selected: top.trackNumber, view: "watch" });
        else if (event.key === "f") useShown.setState({ following: !useShown.getState().following });
        else if (event.key === "e" && mayDecide && top !== undefined) void escalate(top.id);
        else if (event.key === "b") useShown.setState({ bearing: !useShown.getState().bearing });
        else if (event.key === "l") openLayers();
        else if (event.key === "g") void copyGrid();
        else if (event.key === "v" && maySee("reports", user?.role)) {
          event.preventDefault();
          beginCall();
        } else if (event.key === "n") {
          useShown.setState({ view: "watch" });
          setTimeout(() => document.querySelector<HTMLElement>("#not-watched")?.focus());
        }
      }
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [showKeys]);
}

export function KeyList({ onClose }: { readonly onClose: () => void }): ReactNode {
  const words = catalogues[useShown(({ language }) => language)];
  return (
    <ModalOverlay isOpen isDismissable onOpenChange={onClose} className="overlay">
      <Modal>
        <Dialog className="dialog">
          <Heading slot="title">{words.keys.title}</Heading>
          <dl className="keys">
            {words.keys.rows.map(([key, text]) => (
              <div key={key}>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
          <Button onPress={onClose} className="primary">
            {words.detail.close}
          </Button>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
