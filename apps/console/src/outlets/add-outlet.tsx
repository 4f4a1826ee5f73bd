// The form of a new outlet, by kind; what it answers is shown once.
import { type OutletKind, type OutletMade, paths, WarningLevel } from "@atalaya/protocol";
import { type FormEvent, type ReactNode, useState } from "react";
import { Button } from "react-aria-components";
import { ask } from "../link/api.ts";
import { wasDone } from "../link/asked.ts";
import { useShown } from "../link/store.ts";
import { catalogues, type Words } from "../words/words.ts";
import { type DeviceDraft, EMPTY_DEVICE, FIELDS, KINDS, type OutletField, settingsOf } from "./new-outlet.ts";

const MAX_DEVICES = 50;

function Levels({
  name,
  first,
  label,
  all,
}: {
  readonly name: string;
  readonly first: string;
  readonly label: string;
  readonly all: Words;
}): ReactNode {
  return (
    <label>
      {label}
      <select name={name} defaultValue={first}>
        {WarningLevel.options.map((level) => (
          <option key={level} value={level}>
            {all.dangers.level[level]}
          </option>
        ))}
      </select>
    </label>
  );
}

function Field({ field, all }: { readonly field: OutletField; readonly all: Words }): ReactNode {
  const { name, type, required, first, most } = field;
  const words = all.outlets;
  const label = words.field[name];
  switch (type) {
    case "tick":
      return (
        <label className="tick">
          <input name={name} type="checkbox" /> {label}
        </label>
      );
    case "level":
      return <Levels name={name} first={first ?? "warning"} label={label} all={all} />;
    case "security":
      return (
        <label>
          {label}
          <select name={name}>
            <option value="tls">{words.security.tls}</option>
            <option value="starttls">{words.security.starttls}</option>
            <option value="none">{words.security.none}</option>
          </select>
        </label>
      );
    case "scope":
      return (
        <label>
          {label}
          <select name={name}>
            <option value="Restricted">{words.scope.Restricted}</option>
            <option value="Private">{words.scope.Private}</option>
          </select>
        </label>
      );
    case "lines":
    case "pem":
      return (
        <label>
          {label}
          <textarea
            name={name}
            rows={type === "pem" ? 2 : 3}
            className="mono"
            spellCheck={false}
            maxLength={type === "pem" ? 65_536 : 6000}
          />
        </label>
      );
    case "text":
    case "number":
    case "secret":
      return (
        <label>
          {label}
          <input
            name={name}
            type={type === "secret" ? "password" : type}
            required={required ?? false}
            defaultValue={first}
            maxLength={most}
            autoComplete={type === "secret" ? "new-password" : "off"}
            spellCheck={false}
            {...(type === "number" ? { min: 1, max: 65_535 } : {})}
          />
        </label>
      );
  }
}

function Devices(props: {
  readonly devices: readonly DeviceDraft[];
  readonly all: Words;
  readonly onChange: (devices: readonly DeviceDraft[]) => void;
}): ReactNode {
  const { devices, all, onChange } = props;
  const words = all.outlets.devices;
  const zones = useShown(({ zones: known }) => known);
  const set = (at: number, part: Partial<DeviceDraft>): void =>
    onChange(devices.map((device, k) => (k === at ? { ...device, ...part } : device)));
  return (
    <fieldset className="ways">
      <legend>{all.outlets.field.devices}</legend>
      {devices.map(({ id, name, kind, zone, level, forS }, at) => (
        // Devices are told apart by their place until they have an id.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={at} className="two" role="group" aria-label={words.device(at + 1)}>
          <label>
            {words.id}
            <input
              name={`device-id-${at}`}
              required
              pattern="[A-Za-z0-9_\-]{1,60}"
              value={id}
              onChange={({ target }) => set(at, { id: target.value })}
            />
          </label>
          <label>
            {words.name}
            <input
              name={`device-name-${at}`}
              required
              maxLength={80}
              value={name}
              onChange={({ target }) => set(at, { name: target.value })}
            />
          </label>
          <label>
            {words.kind}
            <select value={kind} onChange={({ target }) => set(at, { kind: target.value === "light" ? "light" : "siren" })}>
              <option value="siren">{words.siren}</option>
              <option value="light">{words.light}</option>
            </select>
          </label>
          <label>
            {words.zone}
            <select value={zone} onChange={({ target }) => set(at, { zone: target.value })}>
              <option value="">{words.everyZone}</option>
              {zones.map((known) => (
                <option key={known.id} value={known.id}>
                  {known.name}
                </option>
              ))}
            </select>
          </label>
          <label>
            {words.level}
            <select value={level} onChange={({ target }) => set(at, { level: WarningLevel.parse(target.value) })}>
              {WarningLevel.options.map((known) => (
                <option key={known} value={known}>
                  {all.dangers.level[known]}
                </option>
              ))}
            </select>
          </label>
          <label>
            {words.forS}
            <input type="number" min={5} max={3600} required value={forS} onChange={({ target }) => set(at, { forS: target.value })} />
          </label>
          <Button aria-label={words.remove(at + 1)} onPress={() => onChange(devices.filter((_, k) => k !== at))}>
            ×
          </Button>
        </div>
      ))}
      {devices.length < MAX_DEVICES ? <Button onPress={() => onChange([...devices, EMPTY_DEVICE])}>{words.add}</Button> : null}
    </fieldset>
  );
}

export function AddOutlet({ onAdded }: { readonly onAdded: () => Promise<void> }): ReactNode {
  const all = catalogues[useShown(({ language }) => language)];
  const words = all.outlets;
  const [kind, setKind] = useState<OutletKind>("sms-spool");
  const [devices, setDevices] = useState<readonly DeviceDraft[]>([]);
  const [open, setOpen] = useState(false);
  const [made, setMade] = useState<OutletMade & { readonly name: string }>();
  const add = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const settings = settingsOf(kind, new FormData(event.currentTarget), devices);
    const answer = await ask<OutletMade>("POST", paths.outlets, settings);
    if (!wasDone(answer)) return;
    setMade({ ...answer, name: settings.name });
    setOpen(false);
    setDevices([]);
    await onAdded();
  };
  return (
    <>
      {made === undefined ? null : (
        <div role="status" className="padded stack" data-made>
          <p>{words.made(made.name)}</p>
          {made.secret === undefined && made.key === undefined ? null : <p>{words.once}</p>}
          {made.secret === undefined ? null : (
            <p>
              {words.secret}: <code className="long">{made.secret}</code>
            </p>
          )}
          {made.key === undefined ? null : (
            <p>
              {words.key}: <code className="long">{made.key}</code>
            </p>
          )}
        </div>
      )}
      {open ? (
        <form className="stacked" data-form="outlet" autoComplete="off" onSubmit={(event) => void add(event)}>
          <h3>{words.add}</h3>
          <label>
            {words.addKind}
            <select
              name="kind"
              value={kind}
              onChange={({ target }) => setKind(KINDS.find((known) => known === target.value) ?? "sms-spool")}
            >
              {KINDS.map((known) => (
                <option key={known} value={known}>
                  {words.kind[known]}
                </option>
              ))}
            </select>
          </label>
          {FIELDS[kind].map((field) => (
            <Field key={`${kind} ${field.name}`} field={field} all={all} />
          ))}
          {kind === "mqtt" ? <Devices devices={devices} all={all} onChange={setDevices} /> : null}
          <p className="quiet">{words.secretsKept}</p>
          <div className="row">
            <Button type="submit" className="primary">
              {words.go}
            </Button>
            <Button onPress={() => setOpen(false)}>{words.cancel}</Button>
          </div>
        </form>
      ) : (
        <div className="row padded">
          <Button
            className="primary"
            onPress={() => {
              setMade(undefined);
              setOpen(true);
            }}
          >
            {words.add}
          </Button>
        </div>
      )}
    </>
  );
}
