import { useEffect, useState, type ReactNode } from "react";
import { toChatError, type ChatError } from "../../lib/api/chatError";
import { formatFull } from "../../lib/format/dates";
import { describeError } from "../../lib/i18n/describeError";
import { useTranslation } from "../../lib/i18n/useTranslation";
import type { ConversationItem, Version } from "../../realtime/types";
import { Dialog } from "../../ui/Dialog";
import { Spinner } from "../../ui/Spinner";
import { useChatClient } from "../session";
import { useWriting } from "../writing";
import { useActingTexts } from "./useActingTexts";
import "./Versions.css";

interface VersionsProps {
  readonly item: ConversationItem;
  onClose(): void;
}

/** What a message says, and said before it was edited; the newest first. */
export function Versions({ item, onClose }: VersionsProps): ReactNode {
  const { t } = useActingTexts();
  const { t: tOfAll, locale } = useTranslation();
  const { versions, error } = useVersions(item);
  const all = versions && [{ content: item.content, createdAt: item.editedAt ?? item.createdAt }, ...versions];
  return (
    <Dialog title={t("acting.versions")} closeLabel={t("acting.close")} onClose={onClose}>
      {error !== null && <p className="hc-versions__note">{describeError(error, tOfAll)}</p>}
      {all === null && error === null && <Spinner label={t("acting.loading")} />}
      <ol className="hc-versions">
        {all?.map(({ content, createdAt }, index) => (
          <li key={createdAt}>
            <div className="hc-versions__time">
              {formatFull(createdAt, locale)}
              {index === 0 && ` · ${t("acting.now")}`}
            </div>
            <div className="hc-versions__text" dir="auto">
              <Formatted text={content} />
            </div>
          </li>
        ))}
      </ol>
    </Dialog>
  );
}

function Formatted({ text }: { readonly text: string }): ReactNode {
  const { parts } = useWriting(true);
  return parts === null ? text : <parts.FormattedText text={text} />;
}

interface Loaded {
  readonly versions: readonly Version[] | null;
  readonly error: ChatError | null;
}

/** Those before the present one, the newest first. */
function useVersions({ id, change }: ConversationItem): Loaded {
  const client = useChatClient();
  const [loaded, setLoaded] = useState<Loaded>({ versions: null, error: null });
  useEffect(() => {
    if (id === null) return;
    let isWanted = true;
    client.listVersions(id).then(
      (versions) => isWanted && setLoaded({ versions: versions.toReversed(), error: null }),
      (cause: unknown) => isWanted && setLoaded({ versions: null, error: toChatError(cause) }),
    );
    return () => {
      isWanted = false;
    };
  }, [client, id, change]);
  return loaded;
}
