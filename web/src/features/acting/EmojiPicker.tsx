import { useEffect, useMemo, useState, type KeyboardEvent, type ReactNode } from "react";
import { ownKeys } from "../../lib/ownKeys";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { Dialog } from "../../ui/Dialog";
import { SearchField } from "../../ui/SearchField";
import { Spinner } from "../../ui/Spinner";
import { UnavailablePart } from "../../ui/UnavailablePart";
import { findEmoji, loadEmoji, withTone, type Emoji } from "./emojiData";
import "./EmojiPicker.css";
import { nextInGrid } from "./grid";
import { keepTone, keptTone, TONED_HANDS } from "./tones";
import { useActingTexts } from "./useActingTexts";

interface EmojiPickerProps {
  onChoose(emoji: string): void;
  onClose(): void;
}

/** All emoji, in groups, with a search by their names in one's language, and the tone of skin that one has chosen. */
export function EmojiPicker({ onChoose, onClose }: EmojiPickerProps): ReactNode {
  const { t } = useActingTexts();
  const { all, hasFailed } = useEmoji();
  const [query, setQuery] = useState("");
  const [tone, setTone] = useState(keptTone);
  const found = useMemo(() => all && findEmoji(all, query), [all, query]);
  const choose = (emoji: Emoji): void => {
    onChoose(withTone(emoji, tone));
  };
  return (
    <Dialog title={t("acting.emoji")} closeLabel={t("acting.close")} onClose={onClose}>
      <div className="hc-emoji__head">
        <SearchField
          label={t("acting.findEmoji")}
          clearLabel={t("acting.clear")}
          value={query}
          onChange={setQuery}
          onKeyDown={(event) => {
            if (event.key === "Enter" && found?.[0]) choose(found[0]);
          }}
        />
        <Tones
          tone={tone}
          onChange={(next) => {
            keepTone(next);
            setTone(next);
          }}
        />
      </div>
      {hasFailed && <UnavailablePart />}
      {found === null && !hasFailed && <Spinner label={t("acting.loading")} />}
      {found?.length === 0 && <p className="hc-emoji__none">{t("acting.noEmoji")}</p>}
      {found !== null && <Groups found={found} tone={tone} onChoose={choose} />}
    </Dialog>
  );
}

interface TonesProps {
  readonly tone: number;
  onChange(tone: number): void;
}

function Tones({ tone, onChange }: TonesProps): ReactNode {
  const { t } = useActingTexts();
  return (
    <select
      className="hc-field hc-emoji__tone"
      aria-label={t("acting.tone")}
      title={t("acting.tone")}
      value={tone}
      onChange={(event) => onChange(Number(event.target.value))}
    >
      {TONED_HANDS.map((hand, index) => (
        <option key={hand} value={index}>
          {hand}
        </option>
      ))}
    </select>
  );
}

interface GroupsProps {
  readonly found: readonly Emoji[];
  readonly tone: number;
  onChoose(emoji: Emoji): void;
}

/** One stop for the keyboard: arrows go through all of them. */
function Groups({ found, tone, onChoose }: GroupsProps): ReactNode {
  const { t } = useActingTexts();
  const groups = useMemo(() => groupsOf(found), [found]);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const next = nextInGrid(event.currentTarget, event.key);
    if (next === null) return;
    event.preventDefault();
    next.focus();
  };
  return (
    <div className="hc-emoji" onKeyDown={ownKeys(onKeyDown)}>
      {groups.map(([group, emoji]) => (
        <section key={group} className="hc-emoji__group" aria-label={t(`acting.emoji.${group as EmojiGroup}`)}>
          <h3 className="hc-emoji__heading">{t(`acting.emoji.${group as EmojiGroup}`)}</h3>
          <div className="hc-emoji__grid">
            {emoji.map((one) => (
              <button
                key={one.text}
                type="button"
                className="hc-emoji__one"
                aria-label={one.name}
                title={one.name}
                tabIndex={one === found[0] ? 0 : -1}
                onClick={() => onChoose(one)}
              >
                {withTone(one, tone)}
              </button>
            ))}
          </div>
        </section>
      ))}
    </div>
  );
}

function groupsOf(found: readonly Emoji[]): [group: number, emoji: Emoji[]][] {
  const groups = new Map<number, Emoji[]>();
  for (const emoji of found) {
    const group = groups.get(emoji.group);
    if (group) group.push(emoji);
    else groups.set(emoji.group, [emoji]);
  }
  return [...groups];
}

type EmojiGroup = 0 | 1 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

function useEmoji(): { readonly all: readonly Emoji[] | null; readonly hasFailed: boolean } {
  const { locale } = useTranslation();
  const [state, setState] = useState<{ all: readonly Emoji[] | null; hasFailed: boolean }>({
    all: null,
    hasFailed: false,
  });
  useEffect(() => {
    let isWanted = true;
    loadEmoji(locale).then(
      (all) => isWanted && setState({ all, hasFailed: false }),
      () => isWanted && setState({ all: null, hasFailed: true }),
    );
    return () => {
      isWanted = false;
    };
  }, [locale]);
  return state;
}
