// What is open with somebody and what is done about it before they go: each need in words, with a remedy that they read too.
import { type Need, type PersonReadiness, paths, type Readiness } from "@atalaya/protocol";
import { LevelShape } from "@atalaya/web/marks";
import { type ReactNode, useState } from "react";
import { Button } from "react-aria-components";
import { ask } from "../link/api.ts";
import { wasDone } from "../link/asked.ts";
import { hasRight, useShown } from "../link/store.ts";
import { ReasonForm } from "../pages/reason-form.tsx";
import { catalogues } from "../words/words.ts";
import { needWords, offeredRemedy } from "./view.ts";

interface Arranging {
  readonly offered: string;
  readonly itemId: string | undefined;
}

/** Opens the bulletin's muster list for this one person. */
function readAloud(bulletinId: string, personId: string): void {
  useShown.setState({ view: "bulletins", bulletin: { id: bulletinId, muster: [personId] } });
}

export function Remedies(props: {
  readonly person: PersonReadiness;
  readonly readiness: Readiness;
  readonly needs: readonly Need[];
  readonly onDone: () => Promise<void>;
}): ReactNode {
  const { person, readiness, needs, onDone } = props;
  const { language, user } = useShown();
  const words = catalogues[language].readiness;
  const [arranging, setArranging] = useState<Arranging>();
  // Made anew with each: sent again after a broken link, it is one.
  const [id, setId] = useState(() => crypto.randomUUID());
  const numberOf = (bulletin: string): string => person.bulletins.find((known) => known.id === bulletin)?.number ?? "";
  const context = { items: readiness.items, numberOf, language };
  const mayAct = hasRight(user, "officer");
  const owed = needs.find(({ code }) => code === "bulletin-not-opened" || code === "bulletin-not-confirmed");
  const item = needs.find((need) => need.itemId !== undefined && !need.remedied);
  const arrange = async (text: string): Promise<boolean> => {
    const body = { id, text, ...(arranging?.itemId === undefined ? {} : { itemId: arranging.itemId }) };
    const done = wasDone(await ask("POST", paths.remedies(person.personId), body));
    if (done) {
      setId(crypto.randomUUID());
      await onDone();
    }
    return done;
  };
  return (
    <>
      <p>
        {needs.map((need) => needWords(need, context, words)).join(" ")}
        {person.onShift ? ` ${words.before.already}` : ""}
      </p>
      {!mayAct ? null : arranging === undefined ? (
        <div className="row">
          {item === undefined ? null : (
            <Button onPress={() => setArranging({ offered: offeredRemedy(item, context, words), itemId: item.itemId })}>
              {offeredRemedy(item, context, words)}…
            </Button>
          )}
          {owed?.bulletinId === undefined ? null : (
            <Button onPress={() => readAloud(owed.bulletinId ?? "", person.personId)}>{words.remedy.read}</Button>
          )}
          {item === undefined && owed === undefined ? (
            <Button onPress={() => setArranging({ offered: "", itemId: undefined })}>{words.remedy.arrange}</Button>
          ) : null}
          {person.onShift ? null : (
            <Button className="plain" onPress={() => setArranging({ offered: words.remedy.swapText, itemId: undefined })}>
              {words.remedy.swap}
            </Button>
          )}
        </div>
      ) : (
        <ReasonForm
          label={words.remedy.label}
          hint={words.remedy.hint}
          go={words.remedy.go}
          cancel={words.cancel}
          offered={arranging.offered}
          least={1}
          most={200}
          onGo={arrange}
          onClose={() => setArranging(undefined)}
        />
      )}
    </>
  );
}

export function OpenCard(props: {
  readonly person: PersonReadiness;
  readonly readiness: Readiness;
  readonly onDone: () => Promise<void>;
}): ReactNode {
  const { person, readiness, onDone } = props;
  const needs = person.needs.filter(({ remedied }) => !remedied);
  return (
    <article className="open-card" data-open={person.personId}>
      <strong>
        <LevelShape level="caution" /> {person.name}
      </strong>
      <Remedies person={person} readiness={readiness} needs={needs} onDone={onDone} />
    </article>
  );
}
