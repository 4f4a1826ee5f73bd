// Four figures that say how the shift stands, each with what keeps it from being whole.
import type { Readiness } from "@atalaya/protocol";
import type { ReactNode } from "react";
import { useShown } from "../link/store.ts";
import { catalogues } from "../words/words.ts";

function Figure(props: {
  readonly name: string;
  readonly n: number;
  readonly of?: number;
  readonly what: string;
  readonly sub: string;
}): ReactNode {
  const { name, n, of, what, sub } = props;
  const words = catalogues[useShown(({ language }) => language)].readiness;
  return (
    <div data-count={name}>
      <dt>{what}</dt>
      <dd>
        <strong>{n}</strong> {of === undefined ? null : <span>{words.of(of)}</span>}
      </dd>
      <dd className="sub">{sub === "" ? words.nothingOpen : sub}</dd>
    </div>
  );
}

export function Counts({ readiness }: { readonly readiness: Readiness }): ReactNode {
  const words = catalogues[useShown(({ language }) => language)].readiness;
  const { counts, bulletins } = readiness;
  const [newest] = bulletins;
  const all = newest === undefined ? 0 : newest.confirmed + newest.opened + newest.notOpened;
  const notAtAll = readiness.people.filter(({ reach }) => reach.state === "cut-off" || reach.state === "none").length;
  const notStarted = readiness.people.filter(({ reach }) => reach.state === "not-started").length;
  return (
    <dl className="counts">
      <Figure
        name="warned"
        n={counts.canBeWarned}
        of={counts.people}
        what={words.warned}
        sub={words.warnedSub(counts.byVoiceOnly, notAtAll, notStarted)}
      />
      <Figure
        name="carry"
        n={counts.carryAll}
        of={counts.people}
        what={words.carry}
        sub={words.carrySub(counts.missing, counts.endSoon, counts.kitNotAnswered)}
      />
      {newest === undefined ? (
        <Figure name="bulletin" n={0} what={words.noBulletin} sub="" />
      ) : (
        <Figure
          name="bulletin"
          n={newest.confirmed}
          of={all}
          what={words.bulletin(newest.number)}
          sub={words.bulletinSub(newest.opened, newest.notOpened, newest.overdue)}
        />
      )}
      <Figure
        name="training"
        n={counts.trainingLapsed}
        what={words.training}
        sub={counts.trainingEndsSoon === 0 ? "" : words.trainingSub(counts.trainingEndsSoon)}
      />
    </dl>
  );
}
