// How a bulletin comes to look on a phone, in either language; what is not written yet is said to be missing.
import type { BulletinContent } from "@atalaya/protocol";
import { type ReactNode, useState } from "react";
import { Button, Dialog, Modal, ModalOverlay } from "react-aria-components";
import { useShown } from "../link/store.ts";
import { dayAndClock } from "../words/figures.ts";
import { catalogues } from "../words/words.ts";
import { LANGUAGES, partTitle } from "./pieces.ts";

export type Content = BulletinContent;

/** What to do comes first: who reads no further has read that. */
const ORDER = ["do", "fallen", "know", "not-know"];

export function PhonePreview(props: {
  readonly number: string;
  readonly content: Content;
  readonly wasOf: (item: NonNullable<Content["carry"]>[number]) => number | undefined;
  readonly onClose: () => void;
}): ReactNode {
  const { number, content, wasOf, onClose } = props;
  const { language, sector } = useShown();
  const [shown, setShown] = useState(language);
  const own = catalogues[language].bulletins;
  const { bulletins: words, mode } = catalogues[shown];
  const { parts, actions, carry, question, settings } = content;
  const textOf = (key: string): { readonly title?: string | undefined; readonly text: string } | undefined =>
    parts.find((part) => part.key === key)?.[shown];
  const keys = [...ORDER, ...parts.map(({ key }) => key).filter((key) => key.startsWith("extra-"))];
  const day = new Date(settings.validUntilMs).toLocaleDateString(shown === "es" ? "es-MX" : "en-GB", {
    day: "numeric",
    month: "short",
    ...(sector === undefined ? {} : { timeZone: sector.timeZone }),
  });
  return (
    <ModalOverlay isOpen isDismissable onOpenChange={onClose} className="overlay">
      <Modal>
        <Dialog className="dialog phone-dialog" aria-label={own.preview}>
          <div className="row">
            {LANGUAGES.map((code) => (
              <Button key={code} className={code === shown ? "primary" : ""} aria-pressed={code === shown} onPress={() => setShown(code)}>
                {catalogues[code].language}
              </Button>
            ))}
            <span className="grow" />
            <Button autoFocus onPress={onClose}>
              {catalogues[language].detail.close}
            </Button>
          </div>
          <div className="phone" lang={shown} data-preview={shown} tabIndex={0} role="region" aria-label={own.preview}>
            <p className="row">
              <strong className="grow">{dayAndClock(Date.now(), sector?.timeZone).slice(11, 16)}</strong>
              <span className="quiet">{sector?.name}</span>
            </p>
            <p className="row">
              <strong className="grow">{words.heading(number)}</strong>
              <span className="quiet">{words.phone.until(day)}</span>
            </p>
            <p className="phone-headline">
              {settings.drill ? `${mode.drillMark}. ` : ""}
              {textOf("headline")?.text ?? <span className="gap">⊘ {words.noHeadline}</span>}
            </p>
            {keys.map((key) => {
              const text = textOf(key);
              return text === undefined ? null : (
                <section key={key}>
                  <h4>{partTitle(key, text.title, words)}</h4>
                  <p>{text.text}</p>
                </section>
              );
            })}
            {actions === undefined ? null : (
              <ol className="phone-steps">
                {actions.map(({ id, words: both }) => (
                  <li key={id}>{both[shown]}</li>
                ))}
              </ol>
            )}
            {carry === undefined ? null : (
              <section>
                <h4>{words.phone.carry}</h4>
                <p>
                  {carry.map((item, k) => {
                    const was = wasOf(item);
                    const text = `${item.quantity > 1 ? `${item.quantity} × ` : ""}${item.name[shown]}`;
                    return (
                      <span key={item.id}>
                        {k === 0 ? "" : ", "}
                        {was === undefined ? (
                          text
                        ) : (
                          <strong>{`${text} ${was === 0 ? words.phone.newItem : words.phone.was(String(was))}`}</strong>
                        )}
                      </span>
                    );
                  })}
                  .
                </p>
              </section>
            )}
            {question === undefined ? null : (
              <section className="phone-question">
                <p>
                  <strong>{question.words[shown]}</strong>
                </p>
                {question.answers.map(({ id, words: both }) => (
                  <p key={id} className="phone-answer">
                    {both[shown]}
                  </p>
                ))}
              </section>
            )}
            <p className="phone-main">{words.phone.understood}</p>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
