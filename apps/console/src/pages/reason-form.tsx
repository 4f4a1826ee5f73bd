// A reason where it is asked for, in the page and not over it: Esc puts it away, what was typed stays while it is open.
import { type FormEvent, type ReactNode, useState } from "react";
import { Button } from "react-aria-components";

export function ReasonForm(props: {
  readonly label: string;
  readonly hint?: string;
  readonly go: string;
  readonly cancel: string;
  /** What is offered to begin with. */
  readonly offered?: string;
  readonly least?: number;
  readonly most?: number;
  /** True when it was done. */
  readonly onGo: (reason: string, form: FormData) => Promise<boolean>;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}): ReactNode {
  const { label, hint, go, cancel, offered = "", least = 3, most = 500, onGo, onClose, children } = props;
  const [reason, setReason] = useState(offered);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    void onGo(reason.trim(), new FormData(event.currentTarget)).then((done) => {
      if (done) onClose();
    });
  };
  return (
    <form
      className="stacked reason-form"
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onClose();
      }}
    >
      {children}
      <label>
        {label}
        <input
          name="reason"
          required
          minLength={least}
          maxLength={most}
          autoComplete="off"
          // The form was asked for: its field is where one types on.
          ref={(field) => {
            if (field !== null && document.activeElement?.closest("form") !== field.form) field.focus();
          }}
          value={reason}
          onChange={({ target }) => setReason(target.value)}
        />
        {hint === undefined ? null : <span className="quiet">{hint}</span>}
      </label>
      <div className="row">
        <Button type="submit" className="primary">
          {go}
        </Button>
        <Button onPress={onClose}>{cancel}</Button>
      </div>
    </form>
  );
}
