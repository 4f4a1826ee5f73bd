// Devices with TAK: who has a certificate of the hub's authority, a package for a new one, and taking one back.
import { type Authority, type Certificate, type Enrolment, paths } from "@atalaya/protocol";
import { type FormEvent, type ReactNode, useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { ask, isRefused } from "../link/api.ts";
import { useShown } from "../link/store.ts";
import { catalogues } from "../words/words.ts";
import { QrCode } from "./qr-code.tsx";

export function TakDevices(): ReactNode {
  const { language } = useShown();
  const words = catalogues[language].tak;
  const [certificates, setCertificates] = useState<readonly Certificate[]>([]);
  const [authority, setAuthority] = useState<Authority>();
  const [tried, setTried] = useState<{ readonly uid: string; readonly ok: boolean }>();
  const [made, setMade] = useState<Enrolment>();
  const load = async (): Promise<void> => {
    const [listed, own] = await Promise.all([
      ask<readonly Certificate[]>("GET", paths.certificates),
      ask<Authority>("GET", paths.authority),
    ]);
    if (!isRefused(listed)) setCertificates(listed);
    if (!isRefused(own)) setAuthority(own);
  };
  useEffect(() => void load(), []);
  const done = async (answer: unknown): Promise<void> => {
    if (isRefused(answer)) useShown.setState({ refusal: answer.refused.message });
    await load();
  };
  const add = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const text = (name: string): string | undefined => {
      const value = String(fields.get(name) ?? "").trim();
      return value === "" ? undefined : value;
    };
    const body = { name: text("name"), device: text("device"), uid: text("uid"), client: text("client"), host: text("host") };
    const answer = await ask<Enrolment>("POST", paths.certificates, body);
    if (!isRefused(answer)) {
      setMade(answer);
      form.reset();
    }
    await done(answer);
  };
  const test = async (uid: string): Promise<void> => {
    const answer = await ask<{ readonly ok: boolean }>("POST", paths.takTest, { address: uid, language });
    if (isRefused(answer)) useShown.setState({ refusal: answer.refused.message });
    else setTried({ uid, ok: answer.ok });
  };
  const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
  return (
    <>
      <h2>{words.title}</h2>
      {authority !== undefined && authority.port === undefined ? <p>{words.closed}</p> : null}
      <ul className="list" data-list="certificates">
        {certificates.map(({ serial, name, device, uid, expiresMs, revokedMs }) => (
          <li key={serial}>
            <span className="grow">
              <strong>{name}</strong> {device ?? ""} {revokedMs === undefined ? words.until(day(expiresMs)) : words.revoked(day(revokedMs))}
            </span>
            {revokedMs === undefined && uid !== undefined ? (
              <Button onPress={() => void test(uid)}>
                {words.test} {tried?.uid === uid ? (tried.ok ? words.tested : words.untested) : ""}
              </Button>
            ) : null}
            {revokedMs === undefined ? (
              <Button onPress={() => void ask("DELETE", paths.certificate(serial)).then(done)}>{words.revoke}</Button>
            ) : null}
          </li>
        ))}
      </ul>
      {authority?.port === undefined ? null : (
        <form className="inline" onSubmit={(event) => void add(event)}>
          <h3>{words.add}</h3>
          <label>
            {words.name}
            <input name="name" required maxLength={80} autoComplete="off" />
          </label>
          <label>
            {words.device}
            <input name="device" maxLength={80} autoComplete="off" />
          </label>
          <label>
            {words.uid}
            <input name="uid" maxLength={200} autoComplete="off" />
          </label>
          <label>
            {words.client}
            <select name="client">
              <option value="atak">ATAK</option>
              <option value="itak">iTAK</option>
            </select>
          </label>
          <label>
            {words.host}
            <input
              name="host"
              required
              maxLength={253}
              pattern="[A-Za-z0-9.:\-]+"
              list="tak-names"
              defaultValue={globalThis.location.hostname}
            />
          </label>
          <datalist id="tak-names">
            {authority.names.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
          <Button type="submit" className="primary">
            {words.go}
          </Button>
        </form>
      )}
      {made === undefined ? null : (
        <section role="status">
          <p>{words.made}</p>
          <p>
            <a download={made.fileName} href={`data:application/zip;base64,${made.package}`}>
              {made.fileName}
            </a>{" "}
            {words.password}: <code>{made.password}</code>
          </p>
          <QrCode text={made.connect} label={words.code} />
          <p>{words.code}</p>
        </section>
      )}
    </>
  );
}
