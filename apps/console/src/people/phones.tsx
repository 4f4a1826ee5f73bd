// The phones that have joined for a person, and a code with which one more joins.
import { type Device, FIELD_AUTHORITY_PATH, type FieldDoor, type JoinCode, paths } from "@atalaya/protocol";
import { type ReactNode, useState } from "react";
import { Button } from "react-aria-components";
import { ask } from "../link/api.ts";
import { useAsked, wasDone } from "../link/asked.ts";
import { sectorNow, useShown } from "../link/store.ts";
import { QrCode } from "../pages/qr-code.tsx";
import { age, clock } from "../words/figures.ts";
import { catalogues } from "../words/words.ts";

/** What a phone needs before it can join: the address that it knows the hub by, and whom it has to trust for that; then the code. */
function Joining({ made }: { readonly made: JoinCode }): ReactNode {
  const { language, sector } = useShown();
  const words = catalogues[language].people;
  const { value: door } = useAsked<FieldDoor>(paths.fieldDoor, 60_000);
  const [chosen, setChosen] = useState<string>();
  const { addresses = [], fingerprint } = door ?? {};
  // An officer at the hub's own machine calls it by a name that no phone knows.
  const base = chosen ?? addresses.find((known) => known === location.origin) ?? addresses[0] ?? location.origin;
  const { pathname, hash } = new URL(made.link);
  const link = `${base}${pathname}${hash}`;
  return (
    <div role="status" className="stack" data-join>
      {door !== undefined && addresses.length === 0 ? <p className="claim">{words.ownMachine}</p> : null}
      {addresses.length < 2 ? null : (
        <label>
          {words.doorAddress}
          <select value={base} onChange={({ target }) => setChosen(target.value)}>
            {addresses.map((known) => (
              <option key={known}>{known}</option>
            ))}
          </select>
        </label>
      )}
      {fingerprint === undefined ? null : (
        <>
          <h4>{words.trust}</h4>
          <QrCode text={`${base}${FIELD_AUTHORITY_PATH}`} label={words.trust} />
          <p>{words.trustApple}</p>
          <p>{words.trustAndroid}</p>
          <p className="quiet">{words.fingerprint}</p>
          <code className="long">{fingerprint.match(/.{1,4}/g)?.join(" ")}</code>
        </>
      )}
      <p className="join-code">
        <code>{made.code}</code>
      </p>
      <QrCode text={link} label={words.joinCode} />
      <p className="quiet">{words.joinHint(clock(made.expiresMs, sector?.timeZone).slice(0, 5))}</p>
      <code className="long">{link}</code>
    </div>
  );
}

export function Phones({ personId }: { readonly personId: string }): ReactNode {
  const { language } = useShown();
  const words = catalogues[language].people;
  const { value: devices, load } = useAsked<readonly Device[]>(paths.devices(personId), 10_000);
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
      {devices?.length === 0 ? <p className="quiet padded">{words.noPhones}</p> : null}
      <ul className="list">
        {devices?.map(({ id, name, usedMs }) => (
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
        {made === undefined ? null : <Joining key={made.code} made={made} />}
      </div>
    </section>
  );
}
