import { useEffect, useId, useRef, useState, type ReactNode, type SyntheticEvent } from "react";

import { clean } from "../../lib/text/cleaning";
import { Button } from "../../ui/Button";
import { limitInput } from "../../ui/limitInput";
import "./people.css";
import { usePeopleTexts } from "./usePeopleTexts";

/** Code points, as the server bounds it. */
const MAX_TITLE = 200;

interface GroupNameProps {
  readonly initial: string;
  readonly confirm: string;
  readonly isBusy: boolean;
  /** It has its name, which is not asked for any more. */
  readonly isFixed?: boolean;
  onConfirm(title: string): void;
  /** Another button, before the one that confirms. */
  readonly other?: ReactNode;
  /** What is said between the field and the button. */
  readonly children?: ReactNode;
}

/** What a group is to be called. */
export function GroupName(props: GroupNameProps): ReactNode {
  const { initial, confirm, isBusy, isFixed = false, onConfirm, other, children } = props;
  const { t } = usePeopleTexts();
  const [name, setName] = useState(initial);
  const field = useRef<HTMLInputElement>(null);
  const [fieldId, hintId] = [useId(), useId()];
  useEffect(() => field.current?.select(), []);
  const title = clean(name);
  const send = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (title !== "" && !isBusy) onConfirm(title);
  };
  return (
    <form className="hc-group-name" onSubmit={send}>
      <label htmlFor={fieldId}>{t("group.name")}</label>
      <input
        ref={field}
        id={fieldId}
        className="hc-field"
        aria-describedby={hintId}
        autoComplete="off"
        enterKeyHint="done"
        readOnly={isFixed}
        value={name}
        onChange={(event) => setName(limitInput(event.target, MAX_TITLE))}
      />
      <p id={hintId} className="hc-group-name__hint">
        {t("group.nameHint")}
      </p>
      {children}
      <div className="hc-group-name__buttons">
        {other}
        <Button type="submit" variant="primary" disabled={title === ""} aria-disabled={isBusy}>
          {confirm}
        </Button>
      </div>
    </form>
  );
}
