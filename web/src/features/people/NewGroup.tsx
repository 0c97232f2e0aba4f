import { useCallback, useState, type ReactNode } from "react";

import type { User } from "../../realtime/types";
import { Button } from "../../ui/Button";
import { IconButton } from "../../ui/IconButton";
import { BackIcon } from "../../ui/icons";
import { NameGroup } from "./NameGroup";
import { PeoplePicker } from "./PeoplePicker";
import { usePeopleTexts } from "./usePeopleTexts";

const NOBODY: ReadonlySet<string> = new Set();

interface NewGroupProps {
  /** The room of the new group. */
  onMade(roomId: string): void;
  onBack(): void;
}

/** Makes a group: first who is in it, then what it is called. */
export function NewGroup({ onMade, onBack }: NewGroupProps): ReactNode {
  const { t } = usePeopleTexts();
  const [chosen, setChosen] = useState<readonly User[]>([]);
  const [isNamed, setIsNamed] = useState(false);
  const [isBegun, setIsBegun] = useState(false);
  const begin = useCallback(() => setIsBegun(true), []);
  return (
    <>
      <div className="hc-people__step">
        {!isBegun && (
          <IconButton label={t("group.back")} onClick={() => (isNamed ? setIsNamed(false) : onBack())}>
            <BackIcon />
          </IconButton>
        )}
        <h3 className="hc-people__heading">{t(isNamed ? "group.new" : "group.who")}</h3>
      </div>
      {isNamed ? (
        <NameGroup chosen={chosen} onMade={onMade} onBegun={begin} />
      ) : (
        <>
          <PeoplePicker chosen={chosen} memberIds={NOBODY} onChange={setChosen} />
          <div className="hc-people__foot">
            <Button variant="primary" disabled={chosen.length === 0} onClick={() => setIsNamed(true)}>
              {t("group.next")}
            </Button>
          </div>
        </>
      )}
    </>
  );
}
