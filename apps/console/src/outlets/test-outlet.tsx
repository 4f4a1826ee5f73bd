// A try of one outlet: to whom it goes, and what the other side said.
import { Language, type Outlet, type OutletTested, type Person, paths } from "@atalaya/protocol";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components";
import { ask, isRefused } from "../link/api.ts";
import { useAsked } from "../link/asked.ts";
import { useShown } from "../link/store.ts";
import { StatusShape } from "@atalaya/web/marks";
import { catalogues } from "../words/words.ts";

export function TestOutlet({ outlet, onClose }: { readonly outlet: Outlet; readonly onClose: () => void }): ReactNode {
  const { language, user } = useShown();
  const all = catalogues[language];
  const words = all.outlets;
  const { value: people = [] } = useAsked<readonly Person[]>(paths.people, 0);
  const [waiting, setWaiting] = useState(false);
  const [said, setSaid] = useState<OutletTested>();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    form.current?.scrollIntoView({ block: "nearest" });
    form.current?.querySelector<HTMLElement>("input, button")?.focus();
  }, []);
  const offered = people.flatMap(({ name, ways }) =>
    ways.filter(({ channel }) => channel === outlet.channel).map(({ address }) => ({ name, address })),
  );
  const go = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    setWaiting(true);
    setSaid(undefined);
    const answer = await ask<OutletTested>("POST", paths.outletTest(outlet.id), {
      address: String(fields.get("testAddress") ?? ""),
      language: fields.get("testLanguage") ?? "en",
    });
    setWaiting(false);
    setSaid(isRefused(answer) ? { ok: false, detail: answer.refused.message } : answer);
  };
  return (
    <form className="stacked" data-form="test" ref={form} onSubmit={(event) => void go(event)}>
      <h3>{words.testTitle(outlet.name)}</h3>
      {outlet.channel === undefined ? (
        <p>{words.testCap}</p>
      ) : (
        <>
          <label>
            {words.testAddress}
            <input name="testAddress" required maxLength={200} autoComplete="off" list="test-addresses" />
            <span className="quiet">{user?.role === "owner" ? words.testHintOwner : words.testHintOfficer}</span>
          </label>
          <datalist id="test-addresses">
            {offered.map(({ name, address }) => (
              <option key={`${name} ${address}`} value={address}>
                {name}
              </option>
            ))}
          </datalist>
          <label>
            {words.language}
            <select name="testLanguage" defaultValue={language}>
              {Language.options.map((code) => (
                <option key={code} value={code}>
                  {catalogues[code].language}
                </option>
              ))}
            </select>
          </label>
        </>
      )}
      <p className="quiet">{words.testSays}</p>
      <div className="row">
        <Button type="submit" className="primary">
          {words.testGo}
        </Button>
        <Button onPress={onClose}>{words.close}</Button>
      </div>
      <p role="status" data-test={said === undefined ? (waiting ? "waiting" : "") : said.ok ? "taken" : "not-taken"}>
        {waiting ? words.testing : null}
        {said === undefined ? null : (
          <>
            <StatusShape status={said.ok ? "normal" : "off"} /> <strong>{said.ok ? words.testOk : words.testNot}</strong> {said.detail}
          </>
        )}
      </p>
    </form>
  );
}
