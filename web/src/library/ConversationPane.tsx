import { useState, type ReactNode } from "react";

import { ProfileDialog } from "../app/ProfileColumn";
import { ConversationView, type ConversationViewProps } from "../features/conversation";

/** A conversation, and what it is, who is in it and its files, where the host does not show that itself. */
export function ConversationPane({ onShowProfile, ...conversation }: ConversationViewProps): ReactNode {
  const { roomId } = conversation;
  // For one conversation: another one is shown without it.
  const [asked, setAsked] = useState<string | null>(null);
  if (asked !== null && asked !== roomId) setAsked(null);
  return (
    <>
      <ConversationView {...conversation} onShowProfile={onShowProfile ?? (() => setAsked(roomId))} />
      {asked === roomId && <ProfileDialog roomId={roomId} onClose={() => setAsked(null)} />}
    </>
  );
}
