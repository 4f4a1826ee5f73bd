// Accounts: who may sign in, and as what.
import { paths, type User } from "@atalaya/protocol";
import { type FormEvent, type ReactNode, useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { ask, isRefused } from "../link/api.ts";
import { useShown } from "../link/store.ts";
import { catalogues } from "../words/words.ts";
import { TakDevices } from "./tak-devices.tsx";

/** A device in the field joins by a code instead. */
const GIVEN_ROLES = ["viewer", "analyst", "officer", "supervisor", "owner"] as const;

export function Accounts(): ReactNode {
  const { language, user } = useShown();
  const words = catalogues[language];
  const [users, setUsers] = useState<readonly User[]>([]);
  const load = async (): Promise<void> => {
    const answer = await ask<readonly User[]>("GET", paths.users);
    if (!isRefused(answer)) setUsers(answer);
  };
  const done = async (answer: unknown): Promise<void> => {
    if (isRefused(answer)) useShown.setState({ refusal: answer.refused.message });
    await load();
  };
  useEffect(() => void load(), []);
  const add = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    await done(await ask("POST", paths.users, { name: fields.get("name"), role: fields.get("role"), password: fields.get("password") }));
    form.reset();
  };
  return (
    <main className="page">
      <h2>{words.accounts.title}</h2>
      <ul className="list">
        {users.map(({ id, name, role }) => (
          <li key={id}>
            <span className="grow">
              <strong>{name}</strong> {words.role[role]}
            </span>
            {id === user?.id ? (
              words.accounts.me
            ) : (
              <Button onPress={() => void ask("DELETE", paths.user(id)).then(done)}>{words.accounts.remove}</Button>
            )}
          </li>
        ))}
      </ul>
      <form className="inline" onSubmit={(event) => void add(event)}>
        <h3>{words.accounts.add}</h3>
        <label>
          {words.accounts.name}
          <input name="name" required maxLength={80} autoComplete="off" />
        </label>
        <label>
          {words.accounts.role}
          <select name="role" defaultValue="officer">
            {GIVEN_ROLES.map((role) => (
              <option key={role} value={role}>
                {words.role[role]}
              </option>
            ))}
          </select>
        </label>
        <label>
          {words.accounts.password}
          <input name="password" type="password" required minLength={12} autoComplete="new-password" />
        </label>
        <Button type="submit" className="primary">
          {words.accounts.go}
        </Button>
      </form>
      <TakDevices />
    </main>
  );
}
