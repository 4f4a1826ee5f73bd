// Outlets: how each stands, a try of it, setting one up, and who changed what.
import { type Outlet, type OutletChange, paths } from "@atalaya/protocol";
import { type ReactNode, useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { ask } from "../link/api.ts";
import { useAsked, wasDone } from "../link/asked.ts";
import { useShown } from "../link/store.ts";
import { StatusShape } from "@atalaya/web/marks";
import { AddOutlet } from "../outlets/add-outlet.tsx";
import { TestOutlet } from "../outlets/test-outlet.tsx";
import { age, clock, dayAndClock } from "../words/figures.ts";
import { catalogues, type Words } from "../words/words.ts";

const EVERY_MS = 3000;
const SHAPE = { up: "normal", slow: "waiting", down: "off" } as const;

function State({ health, words }: { readonly health: Outlet["health"]; readonly words: Words["outlets"] }): ReactNode {
  if (health === undefined)
    return (
      <>
        <StatusShape status="off" /> {words.state.closed}
      </>
    );
  return (
    <span className={health.state === "up" ? "" : "gap"}>
      <StatusShape status={SHAPE[health.state]} /> {words.state[health.state]}
      {health.reason === undefined ? "" : `: ${health.reason}`}
      {health.connected === undefined ? "" : `, ${words.connected(health.connected)}`}
    </span>
  );
}

/** Where the hub sends to is the owner's matter, and everybody's to know who decided it. */
function Changes({ count, words }: { readonly count: number; readonly words: Words["outlets"] }): ReactNode {
  const timeZone = useShown(({ sector }) => sector?.timeZone);
  // Asked for anew when an outlet came or went.
  const { value: changes, load } = useAsked<readonly OutletChange[]>(paths.outletChanges, 0);
  useEffect(() => void load(), [count, load]);
  return (
    <section aria-label={words.changes}>
      <h2>
        {words.changes} <span>{changes?.length}</span>
      </h2>
      {changes?.length === 0 ? <p className="padded quiet">{words.noChanges}</p> : null}
      <ul className="list" data-list="changes">
        {changes?.map(({ timeMs, id, name, kind, to, change, by }) => (
          <li key={`${timeMs} ${id}`}>
            <time dateTime={new Date(timeMs).toISOString()}>{dayAndClock(timeMs, timeZone)}</time>
            <span className="grow">
              {words.changedBy(by, words.change[change], name)}{" "}
              <span className="quiet">
                {(words.kind as Readonly<Record<string, string>>)[kind] ?? kind}
                {to === "" ? "" : `, ${to}`}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Outlets(): ReactNode {
  const { language, user, sector } = useShown();
  const words = catalogues[language].outlets;
  const { columns } = words;
  const { value: outlets, load } = useAsked<readonly Outlet[]>(paths.outlets, EVERY_MS);
  const [testing, setTesting] = useState<string>();
  const [removing, setRemoving] = useState<string>();
  const owner = user?.role === "owner";
  const tested = outlets?.find(({ id }) => id === testing);
  const removed = outlets?.find(({ id }) => id === removing);
  const setUp = outlets?.filter(({ kind }) => kind !== "tak").length ?? 0;
  const remove = async (id: string): Promise<void> => {
    setRemoving(undefined);
    if (wasDone(await ask("DELETE", paths.outlet(id)))) await load();
  };
  return (
    <main className="page outlets">
      <h2>
        {words.title} <span>{outlets?.length}</span>
      </h2>
      <p className="quiet padded">{words.hint}</p>
      {outlets === undefined || setUp > 0 ? null : <p className="padded">{words.none}</p>}
      {outlets === undefined || outlets.length === 0 ? null : (
        <div className="wide">
          <table className="cards">
            <thead>
              <tr>
                <th scope="col">{columns.name}</th>
                <th scope="col">{columns.state}</th>
                <th scope="col">{columns.kind}</th>
                <th scope="col">{columns.to}</th>
                <th scope="col" className="number">
                  {columns.waiting}
                </th>
                <th scope="col" className="number">
                  {columns.carried}
                </th>
                <th scope="col" className="number">
                  {columns.lost}
                </th>
                <th scope="col">{columns.last}</th>
                <td />
              </tr>
            </thead>
            <tbody>
              {outlets.map(({ id, name, kind, to, health }) => (
                <tr key={id} data-outlet={id} data-state={health?.state ?? "closed"}>
                  <td>
                    <strong>{name}</strong>
                  </td>
                  <td title={health?.reason} data-label={columns.state}>
                    <State health={health} words={words} />
                  </td>
                  <td data-label={columns.kind}>{words.kind[kind]}</td>
                  <td title={to} data-label={columns.to}>
                    {kind === "tak" ? words.takTo : to === "" ? "–" : to}
                  </td>
                  <td className="number" data-label={columns.waiting}>
                    {health === undefined || health.limit === 0 ? "–" : `${health.waiting} / ${health.limit.toLocaleString("en-US")}`}
                    {health === undefined || health.waiting === 0 ? "" : `, ${words.oldest(age(health.oldestS))}`}
                  </td>
                  <td className="number" data-label={columns.carried}>
                    {health === undefined ? "–" : health.carried.toLocaleString("en-US")}
                  </td>
                  <td className="number" data-label={columns.lost}>
                    {health === undefined ? "–" : health.givenUp.toLocaleString("en-US")}
                  </td>
                  <td data-label={columns.last}>
                    {health?.lastCarriedMs === undefined ? "–" : clock(health.lastCarriedMs, sector?.timeZone)}
                  </td>
                  <td className="acts">
                    {health === undefined ? null : <Button onPress={() => setTesting(id)}>{words.test}</Button>}{" "}
                    {owner && kind !== "tak" ? <Button onPress={() => setRemoving(id)}>{words.remove}…</Button> : null}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {removed === undefined ? null : (
        <div className="padded stack" role="group" aria-label={words.removeGo(removed.name)}>
          <p>{words.removeReason}</p>
          <div className="row">
            <Button onPress={() => void remove(removed.id)}>{words.removeGo(removed.name)}</Button>
            <Button onPress={() => setRemoving(undefined)}>{words.cancel}</Button>
          </div>
        </div>
      )}
      {tested === undefined ? null : <TestOutlet key={tested.id} outlet={tested} onClose={() => setTesting(undefined)} />}
      {owner ? <AddOutlet onAdded={load} /> : <p className="quiet padded">{words.owner}</p>}
      <Changes count={setUp} words={words} />
    </main>
  );
}
