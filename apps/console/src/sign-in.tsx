// Signing in, and creating the owner account through the one-time link.
import { paths, type SessionInfo } from "@atalaya/protocol";
import { Mark } from "@atalaya/web/marks";
import { unlockSound } from "@atalaya/web/sound";
import { type FormEvent, type ReactNode, useState } from "react";
import { Button, FieldError, Form, Input, Label, Text, TextField } from "react-aria-components";
import { ask, isRefused } from "./link/api.ts";
import { useShown } from "./link/store.ts";
import { catalogues } from "./words/words.ts";

export function SignIn({ setupToken, onDone }: { readonly setupToken: string | undefined; readonly onDone: () => void }): ReactNode {
  const words = catalogues[useShown(({ language }) => language)];
  const [refusal, setRefusal] = useState("");
  const [busy, setBusy] = useState(false);
  const setup = setupToken !== undefined;

  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    unlockSound();
    const form = new FormData(event.currentTarget);
    const name = String(form.get("name") ?? "");
    const password = String(form.get("password") ?? "");
    setBusy(true);
    const answer = setup
      ? await ask<SessionInfo>("POST", paths.owner, { token: setupToken, name, password })
      : await ask<SessionInfo>("POST", paths.session, { name, password });
    setBusy(false);
    if (!isRefused(answer)) onDone();
    else if (answer.refused.status === 0) setRefusal(words.signIn.noHub);
    else if (answer.refused.status === 429) setRefusal(words.signIn.tooMany);
    else setRefusal(setup ? answer.refused.message : words.signIn.refused);
  };

  return (
    <main className="sign-in">
      <Form className="card" onSubmit={(event) => void submit(event)}>
        <h1>
          <Mark /> {words.appName}
        </h1>
        <h2>{setup ? words.signIn.setupTitle : words.signIn.title}</h2>
        {setup ? <p className="quiet">{words.signIn.setupHint}</p> : null}
        <TextField name="name" isRequired autoFocus>
          <Label>{words.signIn.name}</Label>
          <Input autoComplete="username" />
          <FieldError />
        </TextField>
        <TextField name="password" type="password" isRequired {...(setup ? { minLength: 12 } : {})}>
          <Label>{words.signIn.password}</Label>
          <Input autoComplete={setup ? "new-password" : "current-password"} />
          {setup ? <Text slot="description">{words.signIn.passwordHint}</Text> : null}
          <FieldError />
        </TextField>
        <p className="refusal" role="alert">
          {refusal}
        </p>
        <Button type="submit" className="primary" isDisabled={busy}>
          {setup ? words.signIn.setupGo : words.signIn.go}
        </Button>
      </Form>
    </main>
  );
}
