// A draft on the desk: claims at the left, both languages row by row in the middle, whom it goes to and what follows at the right.
import {
  type Bulletin,
  type BulletinDraft,
  type BulletinSettings,
  type Claim,
  MAX_EXTRA_PARTS,
  type MemoSource,
  paths,
} from "@atalaya/protocol";
import { StatusShape } from "@atalaya/web/marks";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { Button } from "react-aria-components";
import { ask, isRefused } from "../link/api.ts";
import { wasDone } from "../link/asked.ts";
import { hasRight, useShown } from "../link/store.ts";
import { clock } from "../words/figures.ts";
import { catalogues } from "../words/words.ts";
import { ActionsRow } from "./actions-row.tsx";
import { Meanwhile } from "./approval.tsx";
import { AudienceSide } from "./audience.tsx";
import { ClaimsSide } from "./claims-side.tsx";
import { type Desk, DeskContext, type Kept, keptPieces, type Saving, usePiece } from "./desk.ts";
import { CarrySide, QuestionSide } from "./lists-side.tsx";
import { PartCell } from "./part-cell.tsx";
import { PhonePreview } from "./phone-preview.tsx";
import { LANGUAGES, missingWords, nextExtra, onlySecondPerson, partKeys, quantityBefore, listBefore, standingOf } from "./pieces.ts";
import { AfterSide, WhenSide } from "./when-side.tsx";

interface EditorProps {
  readonly bulletin: Bulletin;
  readonly claims: readonly Claim[];
  readonly sources: readonly MemoSource[];
  /** What stands above the text: which version is looked at. */
  readonly head: ReactNode;
  readonly onDone: () => Promise<void>;
}

const WORST: readonly Saving[] = ["changed-meanwhile", "not-saved", "incomplete", "saving", "saved"];

function Saved({
  draft,
  states,
}: {
  readonly draft: BulletinDraft;
  readonly states: ReadonlyMap<string, { saving: Saving; why: string }>;
}): ReactNode {
  const { language, sector } = useShown();
  const { bulletins: words } = catalogues[language];
  const all = [...states.values()];
  const worst = WORST.find((saving) => all.some((state) => state.saving === saving)) ?? "saved";
  const why = all.find(({ saving, why: text }) => saving === worst && text !== "")?.why ?? "";
  const text = {
    saved: words.saved(clock(draft.savedMs, sector?.timeZone)),
    saving: words.saving,
    incomplete: words.incomplete,
    "not-saved": why === "" ? words.notSaved : words.notSavedWhy(why),
    "changed-meanwhile": words.notSaved,
  }[worst];
  return (
    <span className={worst === "saved" || worst === "saving" ? "quiet" : "gap"} role="status" data-saving={worst}>
      {worst === "saved" || worst === "saving" ? "" : "◆ "}
      {text}
    </span>
  );
}

function LanguageHead({ draft, code }: { readonly draft: BulletinDraft; readonly code: "en" | "es" }): ReactNode {
  const { bulletins: words, language } = catalogues[code];
  const { approved, all, by } = standingOf(draft, code);
  const done = all > 0 && approved === all;
  return (
    <div className="language-head" lang={code} data-language={code}>
      <strong>{language}</strong>
      <span>
        <StatusShape status={done ? "normal" : "waiting"} />{" "}
        {done ? words.languageDone(by.join(", ")) : `${words.languageSome(approved, all)}${by.length === 0 ? "" : `, ${by.join(", ")}`}`}
      </span>
    </div>
  );
}

/** Under the text: the one next action, and what stands in its way. */
function Foot({
  bulletin,
  draft,
  onDone,
}: {
  readonly bulletin: Bulletin;
  readonly draft: BulletinDraft;
  readonly onDone: () => Promise<void>;
}): ReactNode {
  const { language, sector, user } = useShown();
  const { bulletins: words } = catalogues[language];
  const [releasing, setReleasing] = useState(false);
  const [previewing, setPreviewing] = useState(false);
  const mayEdit = hasRight(user, "analyst");
  const { blocks, asked, reaches } = draft;
  const missing = missingWords(blocks, words);
  const ready = blocks.length === 0;
  const before = listBefore(bulletin, []);
  const askFor = async (): Promise<void> => {
    if (wasDone(await ask("POST", paths.bulletinAsked(bulletin.id)))) await onDone();
  };
  const release = async (): Promise<void> => {
    setReleasing(false);
    if (wasDone(await ask("POST", paths.bulletinRelease(bulletin.id), { rev: draft.rev }))) await onDone();
  };
  return (
    <footer className="desk-foot">
      {releasing && ready ? (
        <div
          className="row releasing"
          role="group"
          aria-label={words.releaseTitle(bulletin.number, draft.version)}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            event.stopPropagation();
            setReleasing(false);
          }}
        >
          <span className="grow">
            <strong>{words.releaseTitle(bulletin.number, draft.version)}.</strong> {words.releaseTo(reaches.people, reaches.spanish)}
          </span>
          <Button onPress={() => setReleasing(false)}>{words.cancel}</Button>
          <Button className="primary" autoFocus onPress={() => void release()}>
            {words.releaseGo}
          </Button>
        </div>
      ) : (
        <div className="row">
          {!mayEdit ? null : ready ? (
            <Button className="primary" onPress={() => setReleasing(true)}>
              {words.release}…
            </Button>
          ) : (
            <Button
              className={onlySecondPerson(blocks) && asked === undefined ? "primary" : ""}
              isDisabled={!onlySecondPerson(blocks) || asked !== undefined}
              onPress={() => void askFor()}
            >
              {words.askRelease}
            </Button>
          )}
          <span className="grow" data-blocks={blocks.map(({ code }) => code).join(" ")}>
            {asked === undefined ? "" : `${words.asked(asked.by, clock(asked.timeMs, sector?.timeZone).slice(0, 5))}. `}
            {ready ? words.ready : words.block.needed(missing.join(", "))}
          </span>
          <Button onPress={() => setPreviewing(true)}>{words.preview}</Button>
        </div>
      )}
      {previewing ? (
        <PhonePreview
          number={bulletin.number}
          content={draft}
          wasOf={(item) => quantityBefore(item, before.items)}
          onClose={() => setPreviewing(false)}
        />
      ) : null}
    </footer>
  );
}

/** What is open on the desk, once what was kept from before is at hand. */
function OnDesk({
  bulletin,
  claims,
  sources,
  head,
  onDone,
  draft,
  states,
}: EditorProps & { readonly draft: BulletinDraft; readonly states: ReadonlyMap<string, { saving: Saving; why: string }> }): ReactNode {
  const { language, user } = useShown();
  const { bulletins: words } = catalogues[language];
  const mayEdit = hasRight(user, "analyst");
  const settings = usePiece<BulletinSettings>({
    id: "settings",
    piece: "settings",
    read: (newest) => newest.settings,
    revOf: (newest) => newest.settingsRev,
    put: (value, rev) => ask("PUT", paths.bulletinSettings(bulletin.id), { settings: value, ...(rev === undefined ? {} : { rev }) }),
  });
  const [added, setAdded] = useState<readonly string[]>([]);
  const keys = [...new Set([...partKeys(draft.parts), ...added])];
  const extra = nextExtra([...draft.parts, ...added.map((key) => ({ key }))], MAX_EXTRA_PARTS);
  const change = mayEdit ? settings.change : undefined;
  const wordsOf = (value: BulletinSettings): string => `${words.level[value.level]}; ${value.claims.length} · ${value.handling.tlp}`;
  return (
    <>
      <aside className="pane-dangers" tabIndex={-1} aria-label={words.claims.title}>
        <ClaimsSide
          number={bulletin.number}
          used={settings.value.claims}
          claims={claims}
          sources={sources}
          onChange={change === undefined ? undefined : (used) => change({ ...settings.value, claims: [...used] })}
        />
      </aside>
      <section className="pane-centre" tabIndex={-1} aria-label={words.heading(bulletin.number)}>
        <div className="desk-scroll">
          <header className="desk-head">
            <Button className="small" onPress={() => useShown.setState({ bulletin: undefined })}>
              ← {words.back}
            </Button>
            <h2>{words.heading(bulletin.number)}</h2>
            <span className="quiet">
              {words.version(draft.version)}, {words.draft}
            </span>
            <span className="grow" />
            <Saved draft={draft} states={states} />
          </header>
          {head}
          <div className="both-languages">
            <div className="parts">
              {LANGUAGES.map((code) => (
                <LanguageHead key={code} draft={draft} code={code} />
              ))}
              {keys.flatMap((key) =>
                LANGUAGES.map((code) => (
                  <PartCell
                    key={`${key}-${code}`}
                    draft={draft}
                    part={key}
                    language={code}
                    onGone={added.includes(key) ? () => setAdded(added.filter((known) => known !== key)) : undefined}
                  />
                )),
              )}
              <ActionsRow draft={draft} />
            </div>
            {mayEdit && extra !== undefined ? (
              <div className="part-adds">
                <Button onPress={() => setAdded([...added, extra])}>{words.part.add}</Button>
              </div>
            ) : null}
            <p className="human">{words.human}</p>
          </div>
        </div>
        <Foot bulletin={bulletin} draft={draft} onDone={onDone} />
      </section>
      <aside className="pane-detail" tabIndex={-1} aria-label={words.who.title}>
        {settings.theirs === undefined ? null : (
          <Meanwhile theirs={wordsOf(settings.theirs)} by={undefined} onKeep={settings.keepMine} onTake={settings.takeTheirs} />
        )}
        <AudienceSide
          audience={settings.value.audience}
          reaches={draft.reaches}
          onChange={change === undefined ? undefined : (audience) => change({ ...settings.value, audience })}
        />
        <WhenSide settings={settings.value} {...(change === undefined ? {} : { onChange: change })} />
        <CarrySide bulletin={bulletin} draft={draft} />
        <QuestionSide draft={draft} />
        <AfterSide settings={settings.value} {...(change === undefined ? {} : { onChange: change })} />
        {mayEdit ? <DropDraft bulletin={bulletin} onDone={onDone} /> : null}
      </aside>
    </>
  );
}

function DropDraft({ bulletin, onDone }: { readonly bulletin: Bulletin; readonly onDone: () => Promise<void> }): ReactNode {
  const { bulletins: words } = catalogues[useShown(({ language }) => language)];
  const [dropping, setDropping] = useState(false);
  const drop = async (): Promise<void> => {
    if (!wasDone(await ask("DELETE", paths.bulletinDraft(bulletin.id)))) return;
    for (const { id } of await keptPieces.all().catch(() => [])) if (id.startsWith(`${bulletin.id}/`)) await keptPieces.remove(id);
    // A bulletin that was never released is gone with its draft.
    if (bulletin.version === 0) useShown.setState({ bulletin: undefined });
    await onDone();
  };
  return (
    <div className="padded row">
      {dropping ? (
        <>
          <Button onPress={() => void drop()}>{words.dropGo}</Button>
          <Button autoFocus onPress={() => setDropping(false)}>
            {words.cancel}
          </Button>
        </>
      ) : (
        <Button onPress={() => setDropping(true)}>{words.dropDraft}</Button>
      )}
    </div>
  );
}

export function Editor(props: EditorProps): ReactNode {
  const { bulletin, onDone } = props;
  const { id } = bulletin;
  const mayEdit = useShown(({ user }) => hasRight(user, "analyst"));
  const [draft, setDraft] = useState(bulletin.draft);
  const [kept, setKept] = useState<ReadonlyMap<string, Kept>>();
  const [states, setStates] = useState<ReadonlyMap<string, { saving: Saving; why: string }>>(new Map());
  const newest = useRef(bulletin.draft);
  const done = useRef(onDone);
  done.current = onDone;
  useEffect(() => {
    let open = true;
    const own = async (): Promise<void> => {
      const all = await keptPieces.all().catch((): readonly Kept[] => []);
      if (open) setKept(new Map(all.filter((piece) => piece.id.startsWith(`${id}/`)).map((piece) => [piece.id, piece])));
    };
    void own();
    return () => {
      open = false;
    };
  }, [id]);
  const desk = useMemo((): Omit<Desk, "kept" | "mayEdit"> => {
    const turns = new Map<string, Promise<unknown>>();
    const take = (next: BulletinDraft): void => {
      const before = newest.current;
      if (before !== undefined && before.version === next.version && before.rev > next.rev) return;
      newest.current = next;
      setDraft(next);
    };
    return {
      bulletinId: id,
      newest: () => {
        if (newest.current === undefined) throw new Error("no draft is open");
        return newest.current;
      },
      take,
      reload: async () => {
        const answer = await ask<Bulletin>("GET", paths.bulletin(id));
        if (isRefused(answer) || answer.draft === undefined) return undefined;
        take(answer.draft);
        return answer.draft;
      },
      inTurn: (piece, job) => {
        const next = (turns.get(piece) ?? Promise.resolve()).then(job, job);
        turns.set(
          piece,
          next.catch(() => undefined),
        );
        return next;
      },
      say: (piece, saving, why = "") => setStates((before) => new Map(before).set(piece, { saving, why })),
      flushes: new Map(),
    };
  }, [id]);
  // What the stream brought, by way of the page.
  const { draft: fromPage } = bulletin;
  useEffect(() => {
    if (fromPage !== undefined) desk.take(fromPage);
  }, [fromPage, desk]);
  const whole = useMemo((): Desk | undefined => (kept === undefined ? undefined : { ...desk, kept, mayEdit }), [desk, kept, mayEdit]);
  if (draft === undefined || whole === undefined) return null;
  return (
    <DeskContext value={whole}>
      <OnDesk {...props} draft={draft} states={states} />
    </DeskContext>
  );
}
