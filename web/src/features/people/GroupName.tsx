import { useEffect, useId, useRef, useState, type ReactNode, type SyntheticEvent } from "react";

import { clean } from "../../lib/text/cleaning";
import { Button } from "../../ui/Button";
import "./people.css";
import { usePeopleTexts } from "./usePeopleTexts";

/** Code points, as the server bounds it. */
const MAX_TITLE = 200;

interface GroupNameProps {
  readonly initial: string;
  readonly confirm: string;
  readonly isBusy: boolean;
  onConfirm(title: string): void;
  /** What is said between the field and the button. */
  readonly children?: ReactNode;
}

/** What a group is to be called. */
export function GroupName({ initial, confirm, isBusy, onConfirm, children }: GroupNameProps): ReactNode {
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
        className="hc-group-name__field"
        aria-describedby={hintId}
        autoComplete="off"
        enterKeyHint="done"
        value={name}
        onChange={(event) => setName(Array.from(event.target.value).slice(0, MAX_TITLE).join(""))}
      />
      <p id={hintId} className="hc-group-name__hint">
        {t("group.nameHint")}
      </p>
      {children}
      <div className="hc-group-name__buttons">
        <Button type="submit" variant="primary" disabled={title === "" || isBusy}>
          {confirm}
        </Button>
      </div>
    </form>
  );
}
