import type { ReactNode } from "react";
import type { ConversationItem, User } from "../../realtime/types";
import { Avatar } from "../../ui/Avatar";
import { Dialog } from "../../ui/Dialog";
import "./Reactors.css";
import { useActingTexts } from "./useActingTexts";

interface ReactorsProps {
  readonly item: ConversationItem;
  readonly members: readonly User[];
  onClose(): void;
}

/** Who has reacted, and with what. */
export function Reactors({ item, members, onClose }: ReactorsProps): ReactNode {
  const { t } = useActingTexts();
  return (
    <Dialog title={t("acting.reactors")} closeLabel={t("acting.close")} onClose={onClose}>
      <ul className="hc-reactors">
        {item.reactions.flatMap(({ emoji, userIds, count }) => {
          const known = userIds.flatMap((id) => members.find((member) => member.id === id) ?? []);
          const left = count - known.length;
          return [
            ...known.map(({ id, name, avatar }) => (
              <li key={`${emoji} ${id}`}>
                <Avatar name={name} image={avatar} colorKey={id} size={32} />
                <bdi className="hc-truncate">{name}</bdi>
                <span className="hc-reactors__emoji">{emoji}</span>
              </li>
            )),
            ...(left > 0
              ? [
                  <li key={emoji}>
                    <span>{t("acting.others", { count: left })}</span>
                    <span className="hc-reactors__emoji">{emoji}</span>
                  </li>,
                ]
              : []),
          ];
        })}
      </ul>
    </Dialog>
  );
}
