// Our people and their phones: who there is, who is on shift, a code for a phone, and taking one back.
import { type Device, type FieldDoor, type JoinCode, type Person, paths } from "@atalaya/protocol";
import { type FormEvent, type ReactNode, useCallback, useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { StatusShape } from "@atalaya/web/marks";
import { ask, isRefused } from "../link/api.ts";
import { useShown } from "../link/store.ts";
import { clock } from "../words/figures.ts";
import { catalogues } from "../words/words.ts";
import { Code } from "./code.tsx";

const REFRESH_MS = 5000;

/** An id that is made of the name, so that a person who is put in twice is one. */
function idOf(name: string): string {
  const plain = name
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .toLowerCase();
  return plain === "" ? `p-${Date.now().toString(36)}` : plain.slice(0, 60);
}

/** Eight characters and two codes: trust the hub, then join. */
function Joining({ code, link, expiresMs }: JoinCode): ReactNode {
  const { language, sector } = useShown();
  const words = catalogues[language].people;
  const [door, setDoor] = useState<FieldDoor>();
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    void ask<FieldDoor>("GET", paths.fieldDoor).then((answer) => {
      if (isRefused(answer)) return;
      setDoor(answer);
      // An officer at the hub's own machine calls it by a name that no phone knows.
      setAddress(answer.addresses.find((known) => known === location.origin) ?? answer.addresses[0]);
    });
  }, []);
  const base = address ?? location.origin;
  return (
    <section role="status" data-join={code}>
      {door !== undefined && door.addresses.length === 0 ? <p className="claim">{words.ownMachine}</p> : null}
      {door === undefined || door.addresses.length < 2 ? null : (
        <label>
          {words.address}
          <select value={base} onChange={({ target }) => setAddress(target.value)}>
            {door.addresses.map((known) => (
              <option key={known}>{known}</option>
            ))}
          </select>
        </label>
      )}
      <div className="row">
        {door?.fingerprint === undefined ? null : (
          <div className="padded">
            <h3>{words.trust}</h3>
            <Code text={`${base}/field/ca.crt`} label={words.trust} />
            <p>{words.trustApple}</p>
            <p>{words.trustAndroid}</p>
            <p className="quiet">
              {words.fingerprint} <code>{door.fingerprint.match(/.{1,4}/g)?.join(" ")}</code>
            </p>
          </div>
        )}
        <div className="padded">
          <h3>{words.join}</h3>
          <Code text={`${base}${new URL(link).pathname}${new URL(link).hash}`} label={words.join} />
          <p>
            <strong className="mono">{code}</strong>
          </p>
          <p>{words.until(clock(expiresMs, sector?.timeZone))}</p>
          <p className="quiet">{words.once}</p>
        </div>
      </div>
    </section>
  );
}

function Phones({ person }: { readonly person: Person }): ReactNode {
  const { language, sector } = useShown();
  const words = catalogues[language].people;
  const [devices, setDevices] = useState<readonly Device[]>([]);
  const [made, setMade] = useState<JoinCode>();
  const load = useCallback(async (): Promise<void> => {
    const answer = await ask<readonly Device[]>("GET", paths.devices(person.id));
    if (!isRefused(answer)) setDevices(answer);
  }, [person.id]);
  useEffect(() => {
    void load();
    const timer = setInterval(() => void load(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [load]);
  const make = async (): Promise<void> => {
    const answer = await ask<JoinCode>("POST", paths.joinCode(person.id));
    if (isRefused(answer)) useShown.setState({ refusal: answer.refused.message });
    else setMade(answer);
  };
  return (
    <div className="padded">
      <ul className="list">
        {devices.map(({ id, name, usedMs }) => (
          <li key={id} data-device={id}>
            <span className="grow">
              {name} <span className="quiet">{words.used(clock(usedMs, sector?.timeZone))}</span>
            </span>
            <Button onPress={() => void ask("DELETE", paths.deviceOf(person.id, id)).then(load)}>{words.revoke}</Button>
          </li>
        ))}
      </ul>
      <Button className="primary" data-make-code={person.id} onPress={() => void make()}>
        {words.code}
      </Button>
      {made === undefined ? null : <Joining key={made.code} {...made} />}
    </div>
  );
}

export function People(): ReactNode {
  const { language } = useShown();
  const words = catalogues[language].people;
  const [people, setPeople] = useState<readonly Person[]>([]);
  const [open, setOpen] = useState<string>();
  const load = async (): Promise<void> => {
    const answer = await ask<readonly Person[]>("GET", paths.people);
    if (!isRefused(answer)) setPeople(answer);
  };
  useEffect(() => {
    void load();
    const timer = setInterval(() => void load(), REFRESH_MS);
    return () => clearInterval(timer);
  }, []);
  const add = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const text = (key: string): string => String(fields.get(key) ?? "").trim();
    const id = idOf(text("name"));
    const before = people.find((known) => known.id === id);
    const answer = await ask("PUT", paths.person(id), {
      id,
      name: text("name"),
      language: text("language"),
      role: before?.role ?? "",
      team: text("team"),
      leader: fields.get("leader") === "on",
      ways: before?.ways ?? [],
    });
    if (isRefused(answer)) useShown.setState({ refusal: answer.refused.message });
    else {
      form.reset();
      setOpen(id);
    }
    await load();
  };
  return (
    <main className="page">
      <h2>{words.title}</h2>
      {people.length === 0 ? <p className="padded">{words.none}</p> : null}
      <ul className="list">
        {people.map((person) => (
          <li key={person.id} data-person={person.id}>
            <StatusShape status={person.onShift ? "normal" : "waiting"} />
            <span className="grow">
              <strong>{person.name}</strong> {person.team} {person.leader ? words.leader : ""}{" "}
              <span className="quiet">{person.onShift ? words.onShift : words.offShift}</span>
            </span>
            <Button aria-expanded={open === person.id} onPress={() => setOpen(open === person.id ? undefined : person.id)}>
              {words.phones}
            </Button>
          </li>
        ))}
      </ul>
      {people
        .filter(({ id }) => id === open)
        .map((person) => (
          <section key={person.id} aria-label={person.name}>
            <h2>
              {words.phones} <span>{person.name}</span>
            </h2>
            <Phones person={person} />
          </section>
        ))}
      <form className="inline" onSubmit={(event) => void add(event)}>
        <h3>{words.add}</h3>
        <label>
          {words.name}
          <input name="name" required maxLength={80} autoComplete="off" />
        </label>
        <label>
          {words.team}
          <input name="team" maxLength={80} autoComplete="off" />
        </label>
        <label>
          {words.language}
          <select name="language" defaultValue={language}>
            <option value="en">{catalogues.en.language}</option>
            <option value="es">{catalogues.es.language}</option>
          </select>
        </label>
        <label className="tick">
          <input type="checkbox" name="leader" />
          {words.leads}
        </label>
        <Button type="submit" className="primary">
          {words.go}
        </Button>
      </form>
    </main>
  );
}
