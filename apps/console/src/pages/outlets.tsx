// Outlets: how each stands, a try of it, and setting one up.
import { type Outlet, paths } from "@atalaya/protocol";
import { type ReactNode, useState } from "react";
import { Button } from "react-aria-components";
import { ask } from "../link/api.ts";
import { useAsked, wasDone } from "../link/asked.ts";
import { useShown } from "../link/store.ts";
import { StatusShape } from "@atalaya/web/marks";
import { AddOutlet } from "../outlets/add-outlet.tsx";
import { TestOutlet } from "../outlets/test-outlet.tsx";
import { age, clock } from "../words/figures.ts";
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
    </span>
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
      {outlets === undefined ? null : outlets.length === 0 ? (
        <p className="padded">{words.none}</p>
      ) : (
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
                    {to === "" ? "–" : to}
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
                    {owner ? <Button onPress={() => setRemoving(id)}>{words.remove}…</Button> : null}
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
    </main>
  );
}
