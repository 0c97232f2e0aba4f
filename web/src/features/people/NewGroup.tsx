import { useRef, useState, type ReactNode } from "react";

import { toChatError, type ChatError } from "../../lib/api/chatError";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { newId } from "../../realtime/ids";
import type { User } from "../../realtime/types";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { IconButton } from "../../ui/IconButton";
import { BackIcon } from "../../ui/icons";
import { useRoomRequests } from "../rooms/useRoomRequests";
import { describeGroupError } from "./groupErrors";
import { GroupName } from "./GroupName";
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
  return (
    <>
      <div className="hc-people__step">
        <IconButton label={t("group.back")} onClick={() => (isNamed ? setIsNamed(false) : onBack())}>
          <BackIcon />
        </IconButton>
        <h3 className="hc-people__heading">{t(isNamed ? "group.new" : "group.who")}</h3>
      </div>
      {isNamed ? (
        <NameIt chosen={chosen} onMade={onMade} />
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

interface NameItProps {
  readonly chosen: readonly User[];
  onMade(roomId: string): void;
}

function NameIt({ chosen, onMade }: NameItProps): ReactNode {
  const requests = useRoomRequests();
  const { t } = usePeopleTexts();
  const { t: tOfAll } = useTranslation();
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<ChatError | null>(null);
  // Trying again after an answer that was lost finds the group, and makes no second one.
  const clientRoomId = useRef(newId());
  const make = (title: string): void => {
    setIsBusy(true);
    setError(null);
    const memberIds = chosen.map(({ id }) => id);
    requests.makeGroup({ title, memberIds, clientRoomId: clientRoomId.current }).then(onMade, (cause: unknown) => {
      setError(toChatError(cause));
      setIsBusy(false);
    });
  };
  const describe = (refusal: ChatError): string =>
    refusal.code === "access_denied" ? t("group.mayNotMake") : describeGroupError(refusal, t, tOfAll);
  return (
    <GroupName initial="" confirm={t("group.make")} isBusy={isBusy} onConfirm={make}>
      <ul className="hc-people__chosen hc-people__chosen--named">
        {chosen.map((person) => (
          <li key={person.id} className="hc-people__chip">
            <bdi className="hc-truncate">{person.name}</bdi>
          </li>
        ))}
      </ul>
      <div role="alert">
        {error !== null && <Banner tone="danger">{t("group.failed", { reason: describe(error) })}</Banner>}
      </div>
    </GroupName>
  );
}
