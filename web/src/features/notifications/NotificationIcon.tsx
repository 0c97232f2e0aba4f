import type { ReactNode } from "react";

import { BellIcon, BriefcaseIcon, ChatIcon, DocumentIcon } from "../../ui/icons";
import "./NotificationIcon.css";

const icons = new Map([
  ["chat_message", ChatIcon],
  ["job_match", BriefcaseIcon],
  ["proposal_response", DocumentIcon],
]);

/** What a notification is about, by its type; a bell for types of the host that are not known here. */
export function NotificationIcon({ type }: { readonly type: string }): ReactNode {
  const Icon = icons.get(type) ?? BellIcon;
  return (
    <span className="hc-notification-icon">
      <Icon size={18} />
    </span>
  );
}
