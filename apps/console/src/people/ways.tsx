// The ways by which a person is told, in order: the channel, and the address that it needs.
import { type AccountName, Channel, type Person, paths, type Way } from "@atalaya/protocol";
import { type ReactNode, useMemo } from "react";
import { Button } from "react-aria-components";
import { useAsked } from "../link/asked.ts";
import type { Words } from "../words/words.ts";

const MAX_WAYS = 8;
/** The hub's own name for all devices of one person that have joined. */
const DEVICES = "field:";

/** Accounts that a browser can be signed in by: officers know them by name, and no more. */
function useAccounts(people: readonly Person[], words: Words["people"]): ReadonlyMap<string, string> {
  const { value: accounts } = useAsked<readonly AccountName[]>(paths.accountNames, 0);
  return useMemo(() => {
    const known = new Map<string, string>();
    for (const { id, name } of accounts ?? []) known.set(id, words.account(name));
    for (const { ways } of people)
      for (const { channel, address } of ways) {
        if (channel !== "browser" || known.has(address)) continue;
        const owner = address.startsWith(DEVICES) ? people.find(({ id }) => id === address.slice(DEVICES.length)) : undefined;
        known.set(address, owner === undefined ? words.unknownAccount(address) : words.device(owner.name));
      }
    return known;
  }, [accounts, people, words]);
}

export function WaysFields(props: {
  readonly ways: readonly Way[];
  readonly people: readonly Person[];
  readonly words: Words["people"];
  readonly onChange: (ways: readonly Way[]) => void;
}): ReactNode {
  const { ways, people, words, onChange } = props;
  const accounts = useAccounts(people, words);
  const change = (at: number, part: Partial<Way>): void => onChange(ways.map((way, k) => (k === at ? { ...way, ...part } : way)));
  // What others are reached by in TAK is offered; a device that is not in use yet is typed.
  const devices = [
    ...new Set(people.flatMap((person) => person.ways.filter(({ channel }) => channel === "tak").map(({ address }) => address))),
  ];
  return (
    <fieldset className="ways">
      <legend>{words.ways}</legend>
      {ways.map(({ channel, address }, at) => (
        // The place in the order is what tells the ways apart.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={at} className="way" role="group" aria-label={words.way(at + 1)}>
          <span className="number">{at + 1}</span>
          <select
            name={`channel-${at}`}
            aria-label={words.way(at + 1)}
            value={channel}
            onChange={({ target }) => change(at, { channel: Channel.parse(target.value), address: "" })}
          >
            {Channel.options.map((known) => (
              <option key={known} value={known}>
                {words.channel[known]}
              </option>
            ))}
          </select>
          {channel === "browser" ? (
            <select
              name={`address-${at}`}
              aria-label={words.address.browser}
              required
              value={address}
              onChange={({ target }) => change(at, { address: target.value })}
            >
              <option value="">{words.noAccount}</option>
              {[...accounts].map(([id, label]) => (
                <option key={id} value={id}>
                  {label}
                </option>
              ))}
            </select>
          ) : (
            <input
              name={`address-${at}`}
              aria-label={words.address[channel]}
              placeholder={words.address[channel]}
              required
              maxLength={200}
              autoComplete="off"
              list={channel === "tak" ? "tak-devices" : undefined}
              value={address}
              onChange={({ target }) => change(at, { address: target.value })}
            />
          )}
          <Button
            aria-label={words.earlier(at + 1)}
            isDisabled={at === 0}
            onPress={() =>
              onChange([...ways.slice(0, at - 1), ...ways.slice(at, at + 1), ...ways.slice(at - 1, at), ...ways.slice(at + 1)])
            }
          >
            ↑
          </Button>
          <Button aria-label={words.removeWay(at + 1)} onPress={() => onChange(ways.filter((_, k) => k !== at))}>
            ×
          </Button>
        </div>
      ))}
      <datalist id="tak-devices">
        {devices.map((uid) => (
          <option key={uid} value={uid} />
        ))}
      </datalist>
      {ways.length === 0 ? <p className="gap">⊘ {words.noWays}</p> : null}
      {ways.length < MAX_WAYS ? <Button onPress={() => onChange([...ways, { channel: "sms", address: "" }])}>{words.addWay}</Button> : null}
    </fieldset>
  );
}
