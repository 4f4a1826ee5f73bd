// What an officer decides with a reason: all-clear, stand-down, shelving, withholding a level, closing a call for help, muting a source, signing an
// incident off. One dialog at a time, never a question whether one is sure.
import type { Benign, Warning } from "@atalaya/protocol";
import { type FormEvent, type ReactNode, useState } from "react";
import { Button, Dialog, Form, Heading, Input, Label, Modal, ModalOverlay, Text, TextField } from "react-aria-components";
import { clear, closeHelp, decide, mute, review, shelve, standDown } from "../actions.ts";
import { type Deciding, useShown } from "../link/store.ts";
import { catalogues, type Words } from "../words/words.ts";

const MINUTES = [5, 10, 15, 30, 60, 120, 240, 480] as const;
const CHOSEN_MINUTES = 15;
const BENIGN: readonly Benign[] = ["own-drone", "authorised-drone", "aircraft", "bird", "nothing", "sensor-fault"];

interface Frame {
  readonly title: string;
  readonly label: string;
  readonly hint: string;
  readonly go: string;
  /** Does it; what it brings back is why it was not done. */
  readonly onGo: (form: FormData, reason: string) => Promise<string | undefined>;
  readonly children?: ReactNode;
}

function close(): void {
  useShown.setState({ deciding: undefined });
}

/** What was typed stays when the hub refuses. */
function ReasonDialog({ title, label, hint, go, onGo, children }: Frame): ReactNode {
  const { officer } = catalogues[useShown(({ language }) => language)].duty;
  const [refusal, setRefusal] = useState("");
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    void onGo(form, String(form.get("reason") ?? "").trim()).then((refused) => {
      if (refused === undefined) close();
      else setRefusal(refused);
    });
  };
  return (
    <Dialog className="dialog">
      <Heading slot="title">{title}</Heading>
      <Form onSubmit={submit}>
        {children}
        <TextField name="reason" isRequired minLength={3} maxLength={500} autoFocus>
          <Label>{label}</Label>
          <Input />
          <Text slot="description">{hint}</Text>
        </TextField>
        <p className="refusal" role="alert">
          {refusal}
        </p>
        <div className="row">
          <Button type="submit" className="primary">
            {go}
          </Button>
          <Button onPress={close}>{officer.cancel}</Button>
        </div>
      </Form>
    </Dialog>
  );
}

function Minutes({ words }: { readonly words: Words }): ReactNode {
  const { officer } = words.duty;
  return (
    <label>
      {officer.shelveFor}
      <select name="minutes" defaultValue={CHOSEN_MINUTES}>
        {MINUTES.map((minutes) => (
          <option key={minutes} value={minutes}>
            {officer.minutes(minutes)}
          </option>
        ))}
      </select>
    </label>
  );
}

function secondsOf(form: FormData): number {
  return Number(form.get("minutes") ?? CHOSEN_MINUTES) * 60;
}

/** A person in danger is never put aside: said before anything is typed. */
function isToPerson({ threats }: Warning): boolean {
  return threats.some(({ kind, level }) => kind === "person" && level !== "advisory");
}

function MayNotShelve({ warning }: { readonly warning: Warning }): ReactNode {
  const words = catalogues[useShown(({ language }) => language)];
  const { officer } = words.duty;
  return (
    <Dialog className="dialog">
      <Heading slot="title">{officer.mayNotShelve}</Heading>
      <p>{officer.mayNotShelveInstead}</p>
      <div className="row">
        <Button onPress={() => useShown.setState({ deciding: { what: "clear", id: warning.id } })}>{words.dangers.clear}</Button>
        <Button onPress={() => useShown.setState({ deciding: { what: "stand-down", id: warning.id } })}>{officer.standDown}</Button>
        <Button autoFocus onPress={close}>
          {officer.cancel}
        </Button>
      </div>
    </Dialog>
  );
}

function Mute({ sources }: { readonly sources: readonly string[] }): ReactNode {
  const { language, sources: known } = useShown();
  const words = catalogues[language];
  const { officer } = words.duty;
  return (
    <ReasonDialog
      title={officer.muteTitle}
      label={officer.reason}
      hint={officer.muteHint}
      go={officer.muteGo}
      onGo={(form, reason) => mute(String(form.get("source") ?? ""), secondsOf(form), reason)}
    >
      <label>
        {officer.muteSource}
        <select name="source">
          {sources.map((source) => {
            const name = known.find(({ id }) => id === source)?.name;
            return (
              <option key={source} value={source}>
                {name === undefined ? source : `${name} (${source})`}
              </option>
            );
          })}
        </select>
      </label>
      <Minutes words={words} />
    </ReasonDialog>
  );
}

function OfWarning({
  deciding,
  warning,
}: {
  readonly deciding: Exclude<Deciding, { readonly what: "mute" }>;
  readonly warning: Warning;
}): ReactNode {
  const words = catalogues[useShown(({ language }) => language)];
  const { officer, benign } = words.duty;
  const { id, trackId, foremost } = warning;
  switch (deciding.what) {
    case "clear":
      return (
        <ReasonDialog
          title={`${words.dangers.clear} ${foremost.name}`}
          label={words.dangers.clearReason}
          hint={words.dangers.clearHint}
          go={words.dangers.clearGo}
          onGo={(_form, reason) => clear(id, reason)}
        />
      );
    case "stand-down":
      return (
        <ReasonDialog
          title={officer.standDownTitle(trackId)}
          label={officer.standDownReason}
          hint={officer.standDownHint}
          go={officer.standDownGo}
          onGo={(form, reason) => {
            const name = String(form.get("name") ?? "").trim();
            const what = BENIGN.find((known) => known === form.get("what")) ?? "nothing";
            return standDown(id, what, name === "" ? undefined : name, reason);
          }}
        >
          <label>
            {officer.standDownWhat}
            <select name="what">
              {BENIGN.map((what) => (
                <option key={what} value={what}>
                  {benign[what]}
                </option>
              ))}
            </select>
          </label>
          <label>
            {officer.standDownName}
            <input name="name" maxLength={80} autoComplete="off" />
          </label>
        </ReasonDialog>
      );
    case "shelve":
      return isToPerson(warning) ? (
        <MayNotShelve warning={warning} />
      ) : (
        <ReasonDialog
          title={officer.shelveTitle(trackId)}
          label={officer.reason}
          hint={officer.shelveHint}
          go={officer.shelveGo}
          onGo={(form, reason) => shelve(id, secondsOf(form), reason)}
        >
          <Minutes words={words} />
        </ReasonDialog>
      );
    case "sign-off":
    case "send-back": {
      const { title, hint, go } = words.duty.review[deciding.what];
      const verdict = deciding.what === "sign-off" ? "signed-off" : "sent-back";
      return (
        <ReasonDialog
          title={title(foremost.name)}
          label={officer.reason}
          hint={hint}
          go={go}
          onGo={(_form, reason) => review(id, verdict, reason)}
        />
      );
    }
    case "withhold":
      return (
        <ReasonDialog
          title={officer.withholdTitle(words.dangers.level[deciding.level])}
          label={officer.reason}
          hint={officer.withholdHint}
          go={words.ladder.withhold}
          onGo={(_form, reason) => decide(id, deciding.level, "withhold", reason)}
        />
      );
    case "close-help":
      return (
        <ReasonDialog
          title={words.ladder.closeHelp(deciding.name)}
          label={words.ladder.closeReason}
          hint={words.dangers.clearHint}
          go={words.ladder.closeGo}
          onGo={(_form, reason) => closeHelp(id, deciding.personId, reason)}
        />
      );
  }
}

export function DecisionDialog(): ReactNode {
  const { deciding, warnings } = useShown();
  if (deciding === undefined) return null;
  const warning = deciding.what === "mute" ? undefined : warnings.find(({ id }) => id === deciding.id);
  if (deciding.what !== "mute" && warning === undefined) return null;
  return (
    <ModalOverlay isOpen isDismissable onOpenChange={close} className="overlay">
      <Modal>
        {deciding.what === "mute" ? (
          <Mute sources={deciding.sources} />
        ) : warning === undefined ? null : (
          <OfWarning key={deciding.what} deciding={deciding} warning={warning} />
        )}
      </Modal>
    </ModalOverlay>
  );
}
