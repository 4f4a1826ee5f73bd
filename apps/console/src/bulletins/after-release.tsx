// A bulletin that is out: who has it, who is overdue, the muster, and its withdrawal.
import { type Bulletin, type BulletinPerson, type BulletinVersion, type Claim, type MemoSource, paths } from "@atalaya/protocol";
import { type ReactNode, useState } from "react";
import { Button, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { ask } from "../link/api.ts";
import { wasDone } from "../link/asked.ts";
import { askFile, openFile } from "../link/files.ts";
import { useMemoAsked } from "../link/memo-asked.ts";
import { hasRight, sectorNow, useShown } from "../link/store.ts";
import { ReasonForm } from "../pages/reason-form.tsx";
import { dayAndClock } from "../words/figures.ts";
import { catalogues } from "../words/words.ts";
import { AudienceSide } from "./audience.tsx";
import { ClaimsSide } from "./claims-side.tsx";
import { CarryLines, QuestionLines } from "./lists-side.tsx";
import { Muster } from "./muster.tsx";
import { PeopleTable, shortTime } from "./people-table.tsx";
import { PhonePreview } from "./phone-preview.tsx";
import { LANGUAGES, partTitle } from "./pieces.ts";
import { AfterSide, WhenSide } from "./when-side.tsx";

function Text({ version }: { readonly version: BulletinVersion }): ReactNode {
  const { parts, actions } = version;
  return (
    <div className="both-languages">
      <div className="parts">
        {LANGUAGES.map((code) => {
          const by = [...new Set(version.approvals.filter((one) => one.language === code).map((one) => one.by))];
          return (
            <div key={code} className="language-head" lang={code}>
              <strong>{catalogues[code].language}</strong>
              <span>{catalogues[code].bulletins.languageDone(by.join(", "))}</span>
            </div>
          );
        })}
        {parts.flatMap((part) =>
          LANGUAGES.map((code) => {
            const text = part[code];
            return (
              <div key={`${part.key}-${code}`} className="part-cell" lang={code}>
                <div className="part-head">
                  <span className="quiet">{partTitle(part.key, text?.title, catalogues[code].bulletins)}</span>
                </div>
                <p className={part.key === "headline" ? "headline as-written" : "as-written"}>{text?.text ?? "–"}</p>
              </div>
            );
          }),
        )}
        {actions === undefined
          ? null
          : LANGUAGES.map((code) => (
              <div key={code} className="part-cell" lang={code}>
                <div className="part-head">
                  <span className="quiet">{catalogues[code].bulletins.part.actions}</span>
                </div>
                <ol className="steps">
                  {actions.map(({ id, words }) => (
                    <li key={id}>{words[code]}</li>
                  ))}
                </ol>
              </div>
            ))}
      </div>
    </div>
  );
}

function Overdue({ people }: { readonly people: readonly BulletinPerson[] }): ReactNode {
  const { language, sector } = useShown();
  const { people: words } = catalogues[language].bulletins;
  const at = (timeMs: number): string => shortTime(timeMs, sectorNow(), sector?.timeZone);
  const late = people.filter(({ overdue }) => overdue);
  return (
    <section data-side="overdue">
      <h2>
        {words.overdueTitle} {late.length}
      </h2>
      {late.length === 0 ? <p className="padded quiet">{words.overdueNone}</p> : null}
      <ul className="overdue-list">
        {late.map(({ personId, name, team, dueMs, step, reminders, leaderToldMs, supervisorToldMs }) => (
          <li key={personId} data-overdue-person={personId}>
            <strong>
              ◆ {name} <span className="quiet">{team}</span>
            </strong>
            <span>
              {words.step[step]}
              {dueMs === undefined ? "" : `, ${words.due(at(dueMs))}`}
            </span>
            <span className="quiet">
              {[
                words.reminded(reminders),
                leaderToldMs === undefined ? "" : words.leaderTold(at(leaderToldMs)),
                supervisorToldMs === undefined ? "" : words.supervisorTold(at(supervisorToldMs)),
              ]
                .filter((part) => part !== "")
                .join(" · ")}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** One sheet for the wall of a muster room, in one language or both. */
function Print({ bulletin, version }: { readonly bulletin: Bulletin; readonly version: number }): ReactNode {
  const { print } = catalogues[useShown(({ language }) => language)].bulletins;
  const open = async (language: string): Promise<void> => {
    const query = new URLSearchParams({ version: String(version), language });
    const sheet = await askFile("GET", `${paths.bulletinPrint(bulletin.id)}?${query}`);
    if (wasDone(sheet)) openFile(sheet);
  };
  return (
    <MenuTrigger>
      <Button>{print.open}</Button>
      <Popover placement="top end">
        <Menu className="menu" aria-label={print.open} onAction={(key) => void open(String(key))}>
          <MenuItem id="both">{print.both}</MenuItem>
          {LANGUAGES.map((code) => (
            <MenuItem key={code} id={code}>
              {catalogues[code].language}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

export function AfterRelease(props: {
  readonly bulletin: Bulletin;
  readonly version: BulletinVersion;
  readonly section: "people" | "text";
  readonly claims: readonly Claim[];
  readonly sources: readonly MemoSource[];
  readonly head: ReactNode;
  readonly onDone: () => Promise<void>;
}): ReactNode {
  const { bulletin, version, section, claims, sources, head, onDone } = props;
  const { language, sector, user, bulletin: open } = useShown();
  const words = catalogues[language].bulletins;
  const { value: people = [], load } = useMemoAsked<readonly BulletinPerson[]>(paths.bulletinPeople(bulletin.id), "bulletins");
  const [withdrawing, setWithdrawing] = useState(false);
  const [previewing, setPreviewing] = useState(false);
  const { settings, carry, question } = version;
  const inForce = bulletin.state === "in-force";
  const standing = inForce || bulletin.state === "waiting";
  const mayMuster = hasRight(user, "officer") && inForce;
  const mayEdit = hasRight(user, "analyst");
  const musterOf = open?.muster;
  const done = async (): Promise<void> => {
    await Promise.all([load(), onDone()]);
  };
  const change = async (): Promise<void> => {
    if (wasDone(await ask("POST", paths.bulletinDraft(bulletin.id)))) await onDone();
  };
  const openMuster = (muster: readonly string[] | undefined): void =>
    useShown.setState({ bulletin: { id: bulletin.id, ...(muster === undefined ? {} : { muster }) } });
  const { withdrawn } = bulletin;
  const wasOf = (item: { readonly id: string }): number | undefined => version.carryWas?.[item.id];
  const given = question?.answers.map((one) => ({ text: one.words[language], right: one.right, n: bulletin.answers[one.id] ?? 0 })) ?? [];
  return (
    <>
      <aside className="pane-dangers" tabIndex={-1} aria-label={words.claims.title}>
        <ClaimsSide number={bulletin.number} used={settings.claims} claims={claims} sources={sources} />
      </aside>
      <section className="pane-centre" tabIndex={-1} aria-label={words.heading(bulletin.number)}>
        <div className="desk-scroll">
          <header className="desk-head">
            <Button className="small" onPress={() => useShown.setState({ bulletin: undefined })}>
              ← {words.back}
            </Button>
            <h2>{words.heading(bulletin.number)}</h2>
            <span className="quiet" data-bulletin-state={bulletin.state}>
              {words.version(version.version)}, {words.state[bulletin.state]}
            </span>
          </header>
          {withdrawn === undefined ? null : (
            <p className="padded gap">
              ⊘ {words.withdraw.done(withdrawn.by, dayAndClock(withdrawn.timeMs, sector?.timeZone).slice(0, 16), withdrawn.reason)}
            </p>
          )}
          {bulletin.fallen.length === 0 ? null : (
            <p className="padded gap" role="note">
              ◆ {words.fallen(bulletin.fallen.map(({ number }) => number).join(", "))}
            </p>
          )}
          {head}
          {musterOf !== undefined && mayMuster ? (
            <Muster
              bulletinId={bulletin.id}
              version={version}
              people={people}
              of={musterOf}
              onDone={done}
              onClose={() => openMuster(undefined)}
            />
          ) : section === "text" ? (
            <Text version={version} />
          ) : (
            <PeopleTable bulletin={bulletin} people={people} onDone={done} />
          )}
        </div>
        <footer className="desk-foot">
          <div className="row">
            {mayMuster && musterOf === undefined ? (
              <Button className="primary" onPress={() => openMuster([])}>
                {words.muster.open}
              </Button>
            ) : null}
            {mayEdit && standing && bulletin.draft === undefined ? (
              <Button onPress={() => void change()}>{words.startChange}</Button>
            ) : null}
            <span className="grow" />
            <Button onPress={() => setPreviewing(true)}>{words.preview}</Button>
            <Print bulletin={bulletin} version={version.version} />
          </div>
          {previewing ? (
            <PhonePreview number={bulletin.number} content={version} wasOf={wasOf} onClose={() => setPreviewing(false)} />
          ) : null}
        </footer>
      </section>
      <aside className="pane-detail" tabIndex={-1} aria-label={words.people.overdueTitle}>
        <Overdue people={people} />
        <AudienceSide audience={settings.audience} reaches={undefined} />
        <WhenSide settings={settings} />
        {carry === undefined ? null : (
          <section data-side="carry">
            <h2>
              {words.carry.title} {carry.length}
            </h2>
            <CarryLines items={carry} wasOf={wasOf} />
          </section>
        )}
        {question === undefined ? null : (
          <section data-side="question">
            <h2>{words.question.title}</h2>
            <QuestionLines question={question} />
            <dl className="rows">
              {given.map(({ text, right, n }) => (
                <div key={text}>
                  <dt>
                    {text}
                    {right ? ` (✓ ${words.question.right})` : ""}
                  </dt>
                  <dd>{n}</dd>
                </div>
              ))}
            </dl>
            <p className="padded quiet">{words.question.givenHint}</p>
          </section>
        )}
        <AfterSide settings={settings} />
        {bulletin.outside === undefined ? null : (
          <section data-side="outside">
            <h2>
              {words.outside.title} <span className="aside">{words.outside.change[bulletin.outside.change]}</span>
            </h2>
            {bulletin.outside.results.length === 0 ? <p className="padded quiet">{words.outside.none}</p> : null}
            <dl className="rows">
              {bulletin.outside.results.map(({ outlet, step, reason }) => (
                <div key={outlet}>
                  <dt>{outlet}</dt>
                  <dd>
                    {step === "failed" ? "◆ " : ""}
                    {words.outside.step[step]}
                    {reason === undefined ? "" : `: ${reason}`}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        )}
        {mayEdit && standing ? (
          <section>
            {withdrawing ? (
              <ReasonForm
                label={words.withdraw.reason}
                hint={words.withdraw.hint}
                go={words.withdraw.go}
                cancel={words.cancel}
                onClose={() => setWithdrawing(false)}
                onGo={async (reason) => {
                  const ok = wasDone(await ask("POST", paths.bulletinWithdrawn(bulletin.id), { reason }));
                  if (ok) await done();
                  return ok;
                }}
              />
            ) : (
              <div className="padded">
                <Button onPress={() => setWithdrawing(true)}>{words.withdraw.open}</Button>
              </div>
            )}
          </section>
        ) : null}
      </aside>
    </>
  );
}
