// The phones that have joined for a person, and a code with which one more joins.
import { type Device, type JoinCode, paths } from "@atalaya/protocol";
import { type ReactNode, useState } from "react";
import { Button } from "react-aria-components";
import { ask } from "../link/api.ts";
import { useAsked, wasDone } from "../link/asked.ts";
import { sectorNow, useShown } from "../link/store.ts";
import { QrCode } from "../pages/qr-code.tsx";
import { age, clock } from "../words/figures.ts";
import { catalogues } from "../words/words.ts";

export function Phones({ personId }: { readonly personId: string }): ReactNode {
  const { language, sector } = useShown();
  const words = catalogues[language].people;
  const { value: devices = [], load } = useAsked<readonly Device[]>(paths.devices(personId), 10_000);
  const [made, setMade] = useState<JoinCode>();
  const make = async (): Promise<void> => {
    const answer = await ask<JoinCode>("POST", paths.joinCode(personId), {});
    if (wasDone(answer)) setMade(answer);
  };
  const revoke = async (device: string): Promise<void> => {
    if (wasDone(await ask("DELETE", paths.deviceOf(personId, device)))) await load();
  };
  return (
    <section aria-label={words.phones}>
      <h3>{words.phones}</h3>
      {devices.length === 0 ? <p className="quiet padded">{words.noPhones}</p> : null}
      <ul className="list">
        {devices.map(({ id, name, usedMs }) => (
          <li key={id}>
            <span className="grow">
              <strong>{name}</strong> <span className="quiet">{words.used(age((sectorNow() - usedMs) / 1000))}</span>
            </span>
            <Button onPress={() => void revoke(id)}>{words.revoke}</Button>
          </li>
        ))}
      </ul>
      <div className="padded stack">
        <div className="row">
          <Button onPress={() => void make()}>{words.join}</Button>
        </div>
        {made === undefined ? null : (
          <div role="status" className="stack" data-join>
            <p className="join-code">
              <code>{made.code}</code>
            </p>
            <QrCode text={made.link} label={words.joinCode} />
            <p className="quiet">{words.joinHint(clock(made.expiresMs, sector?.timeZone).slice(0, 5))}</p>
            <code className="long">{made.link}</code>
          </div>
        )}
      </div>
    </section>
  );
}
