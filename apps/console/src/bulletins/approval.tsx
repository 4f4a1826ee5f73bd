// Whether a piece is approved in a language, by whom, and the button for whoever has read it: shape, then word.
import type { BulletinDraft, Language } from "@atalaya/protocol";
import { LevelShape, StatusShape } from "@atalaya/web/marks";
import type { ReactNode } from "react";
import { Button } from "react-aria-components";
import { isRefused } from "../link/api.ts";
import { wasDone } from "../link/asked.ts";
import { useShown } from "../link/store.ts";
import { clock } from "../words/figures.ts";
import { catalogues } from "../words/words.ts";
import { approve, useDesk } from "./desk.ts";

export type PieceSide = BulletinDraft["pieces"][number]["en"];

export function sideOf(draft: BulletinDraft, piece: string, language: Language): PieceSide | undefined {
  return draft.pieces.find(({ key }) => key === piece)?.[language];
}

export function useApproving(piece: string, language: Language): (yes: boolean) => Promise<void> {
  const desk = useDesk();
  return async (yes) => {
    const answer = await approve(desk, piece, language, yes);
    if (answer !== undefined && isRefused(answer)) wasDone(answer);
  };
}

export function Approval(props: {
  readonly draft: BulletinDraft;
  readonly piece: string;
  readonly language: Language;
  /** What the piece is called in the reader's language. */
  readonly name: string;
  /** There is something to approve. */
  readonly written: boolean;
}): ReactNode {
  const { draft, piece, language, name, written } = props;
  const { language: own, sector } = useShown();
  const { bulletins: words } = catalogues[own];
  const say = useApproving(piece, language);
  const side = sideOf(draft, piece, language);
  const label = `${name}, ${language === "en" ? words.block.english : words.block.spanish}`;
  if (side?.approved !== undefined)
    return (
      <Button
        className="approval approved"
        aria-label={`${words.approvedBy(side.approved.by, clock(side.approved.timeMs, sector?.timeZone))}. ${words.takeBack(label)}`}
        data-approved={language}
        onPress={() => void say(false)}
      >
        <span>{side.approved.by}</span>
        <StatusShape status="normal" />
      </Button>
    );
  return (
    <Button
      className="approval"
      aria-label={words.approveLabel(label)}
      data-approve={language}
      isDisabled={!written || side === undefined}
      onPress={() => void say(true)}
    >
      <span>{words.approve}</span>
      {side?.readAgainMs === undefined ? <StatusShape status="waiting" /> : <LevelShape level="caution" />}
    </Button>
  );
}

/** The other language was changed since: said where it is approved. */
export function ReadAgain({ side, language }: { readonly side: PieceSide | undefined; readonly language: Language }): ReactNode {
  const { language: own, sector } = useShown();
  const { bulletins: words } = catalogues[own];
  if (side?.readAgainMs === undefined || side.approved !== undefined) return null;
  const at = clock(side.readAgainMs, sector?.timeZone).slice(0, 5);
  return <p className="read-again">{words.otherChanged[language === "en" ? "es" : "en"](at)}</p>;
}

/** Somebody else has changed what is being typed here: both are shown, a person decides. */
export function Meanwhile(props: {
  readonly theirs: ReactNode;
  readonly by: string | undefined;
  readonly onKeep: () => void;
  readonly onTake: () => void;
}): ReactNode {
  const { theirs, by, onKeep, onTake } = props;
  const { bulletins: words } = catalogues[useShown(({ language }) => language)];
  return (
    <div className="meanwhile" role="alert">
      <p>
        <strong>◆ {words.meanwhile(by ?? words.somebody)}</strong>
      </p>
      <blockquote>{theirs}</blockquote>
      <div className="row">
        <Button onPress={onKeep}>{words.keepMine}</Button>
        <Button onPress={onTake}>{words.takeTheirs}</Button>
      </div>
    </div>
  );
}
