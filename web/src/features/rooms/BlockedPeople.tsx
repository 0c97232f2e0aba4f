import { useEffect, useRef, useState, type ReactNode } from "react";

import { useRoomsTranslation } from "../../lib/i18n/useRoomsTranslation";
import { useStoreSelector } from "../../lib/useStore";
import type { User } from "../../realtime/types";
import { Avatar } from "../../ui/Avatar";
import { Button } from "../../ui/Button";
import { useChatClient } from "../session";
import { useRoomRequests } from "./useRoomRequests";

/** Whom one has blocked, and the end of it. */
export function BlockedPeople(): ReactNode {
  const client = useChatClient();
  const requests = useRoomRequests();
  const { t } = useRoomsTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  const [people, setPeople] = useState<readonly User[] | "failed" | null>(null);
  const rooms = useStoreSelector(client.rooms, (state) => state.rooms);
  useEffect(() => {
    let isWanted = true;
    requests.listBlocked().then(
      (blocked) => isWanted && setPeople(blocked),
      () => isWanted && setPeople("failed"),
    );
    return () => {
      isWanted = false;
    };
  }, [requests]);
  const unblock = (person: User): void => {
    // The button goes; focus would go with it.
    heading.current?.focus();
    const room = rooms.find(({ type, otherParticipant }) => type !== "group" && otherParticipant?.id === person.id);
    client.act(room?.id ?? "", { kind: "block", userId: person.id, blocked: false });
    setPeople((before) => (Array.isArray(before) ? before.filter(({ id }) => id !== person.id) : before));
  };
  return (
    <section className="hc-preferences__section">
      <h3 ref={heading} className="hc-preferences__heading" tabIndex={-1}>
        {t("blocked.title")}
      </h3>
      {people === "failed" && <p className="hc-preferences__hint">{t("blocked.failed")}</p>}
      {people?.length === 0 && <p className="hc-preferences__hint">{t("blocked.none")}</p>}
      <ul>
        {Array.isArray(people) &&
          people.map((person: User) => (
            <li key={person.id} className="hc-preferences__room">
              <Avatar name={person.name} image={person.avatar} colorKey={person.id} size={36} />
              <span className="hc-preferences__room-words">
                <bdi className="hc-truncate">{person.name}</bdi>
              </span>
              <Button
                size="small"
                aria-label={t("blocked.unblockOf", { name: person.name })}
                onClick={() => unblock(person)}
              >
                {t("blocked.unblock")}
              </Button>
            </li>
          ))}
      </ul>
    </section>
  );
}
