import type { ReactNode } from "react";

import { useTranslation } from "../../lib/i18n/useTranslation";
import type { Presence, Profile, User } from "../../realtime/types";
import { Avatar } from "../../ui/Avatar";
import { usePresenceText } from "./usePresenceText";

interface PersonHeadProps {
  readonly person: User;
  readonly profile: Profile | null;
  readonly presence: Presence | undefined;
  /** What is to be said besides what they are. */
  readonly standing?: readonly string[];
  /** Puts something around the picture. */
  readonly frame?: (picture: ReactNode) => ReactNode;
}

/** Who somebody is, at a glance. */
export function PersonHead({ person, profile, presence, standing, frame }: PersonHeadProps): ReactNode {
  const { t } = useTranslation();
  const status = usePresenceText(presence);
  const role = person.role === "group" ? [] : [t(`role.${person.role}`)];
  const picture = (
    <Avatar
      name={person.name}
      image={person.avatar}
      colorKey={person.id}
      size={88}
      presence={presence?.status ?? null}
    />
  );
  return (
    <div className="hc-info__head">
      {frame === undefined ? picture : frame(picture)}
      <p className="hc-info__name" dir="auto">
        {person.name}
      </p>
      {profile?.headline != null && (
        <p className="hc-info__headline" dir="auto">
          {profile.headline}
        </p>
      )}
      <p className="hc-info__role">{[...role, ...(standing ?? [])].join(" · ")}</p>
      {person.role !== "group" && <p className="hc-info__status">{status}</p>}
    </div>
  );
}
