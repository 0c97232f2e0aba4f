import { useEffect, useState, type ReactNode } from "react";

import type { ChatError } from "../../lib/api/chatError";
import { useRefusals } from "../../lib/i18n/useRefusals";
import { useTranslation } from "../../lib/i18n/useTranslation";
import type { User } from "../../realtime/types";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { describePictureError, NewPicture, UploadProgress, usePictureTexts } from "../picture";
import { describeGroupError } from "./groupErrors";
import { GroupName } from "./GroupName";
import { useGroupMaking, type Failure } from "./useGroupMaking";
import { usePeopleTexts } from "./usePeopleTexts";

interface NameGroupProps {
  readonly chosen: readonly User[];
  /** The group is there, and is to be shown. */
  onMade(roomId: string): void;
  /** The group is there, and has yet to get its picture: there is no way back. */
  onBegun(): void;
}

/** How a new group is called, and looks. */
export function NameGroup({ chosen, onMade, onBegun }: NameGroupProps): ReactNode {
  const { t } = usePeopleTexts();
  const [picture, setPicture] = useState<Blob | null>(null);
  const { making, make } = useGroupMaking(chosen, onMade);
  const { isBusy, part, failure, madeId } = making;
  const isBegun = madeId !== null;
  useEffect(() => {
    if (isBegun) onBegun();
  }, [isBegun, onBegun]);
  return (
    <>
      <div className="hc-people__picture" inert={isBusy}>
        <NewPicture blob={picture} onChange={setPicture} />
      </div>
      <GroupName
        initial=""
        confirm={t(isBegun ? "group.again" : "group.make")}
        isBusy={isBusy}
        isFixed={isBegun}
        onConfirm={(title) => void make(title, picture)}
        other={madeId !== null && !isBusy && <Button onClick={() => onMade(madeId)}>{t("group.without")}</Button>}
      >
        <ul className="hc-people__chosen hc-people__chosen--named">
          {chosen.map((person) => (
            <li key={person.id} className="hc-people__chip">
              <bdi className="hc-truncate">{person.name}</bdi>
            </li>
          ))}
        </ul>
        <UploadProgress part={part} />
        <div role="alert">{failure !== null && <FailureBanner failure={failure} />}</div>
      </GroupName>
    </>
  );
}

function FailureBanner({ failure }: { readonly failure: Failure }): ReactNode {
  const { t } = usePeopleTexts();
  const { t: tOfPicture } = usePictureTexts();
  const { t: tOfAll } = useTranslation();
  const describeRefusal = useRefusals();
  const describe = (error: ChatError): string =>
    error.code === "access_denied" ? t("group.mayNotMake") : describeGroupError(error, t, tOfAll);
  return (
    <Banner tone="danger">
      {failure.of === "group"
        ? t("group.failed", { reason: describe(failure.error) })
        : t("group.pictureFailed", { reason: describePictureError(failure.error, tOfPicture, describeRefusal) })}
    </Banner>
  );
}
