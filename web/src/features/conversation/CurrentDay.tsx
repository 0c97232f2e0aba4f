import { useRef, type ReactNode } from "react";
import { formatDay } from "../../lib/format/dates";
import { useNow } from "../../lib/format/useNow";
import { useTranslation } from "../../lib/i18n/useTranslation";
import type { Store } from "../../lib/store";
import { useStore } from "../../lib/useStore";
import type { Conversation, ConversationItem, Room } from "../../realtime/types";
import { Menu } from "../../ui/Menu";
import { MenuItem } from "../../ui/MenuItem";
import "./CurrentDay.css";
import { useMovingTexts } from "./useMovingTexts";

export interface CurrentDayProps {
  readonly conversation: Conversation;
  readonly room: Room | null;
  /** A message of the day. */
  readonly top: Store<ConversationItem | null>;
  onLatest(): void;
}

/** The day of what is at the top of the screen, and from there the way to any other. */
export function CurrentDay({ conversation, room, top, onLatest }: CurrentDayProps): ReactNode {
  const { t } = useMovingTexts();
  const { t: general, locale } = useTranslation();
  const item = useStore(top);
  const now = useNow();
  const date = useRef<HTMLInputElement>(null);
  if (item === null) return null;
  const day = formatDay(item.createdAt, now, { locale, t: general });
  return (
    <div className="hc-day">
      <Menu
        label={t("moving.goTo")}
        trigger={(props) => (
          <button type="button" className="hc-day__button" aria-label={t("moving.day", { day })} {...props}>
            <span className="hc-separator__day">{day}</span>
          </button>
        )}
      >
        {(close) => (
          <>
            <MenuItem
              onSelect={() => {
                close();
                choose(date.current);
              }}
            >
              {t("moving.goToDate")}
            </MenuItem>
            <MenuItem
              onSelect={() => {
                close();
                void conversation.goTo(1);
              }}
            >
              {t("moving.goToFirst")}
            </MenuItem>
            <MenuItem
              onSelect={() => {
                close();
                onLatest();
              }}
            >
              {general("conversation.jump")}
            </MenuItem>
          </>
        )}
      </Menu>
      <input
        ref={date}
        type="date"
        className="hc-day__date"
        tabIndex={-1}
        aria-label={t("moving.date")}
        min={room === null ? undefined : dateOf(new Date(room.createdAt))}
        max={dateOf(new Date(now))}
        onChange={({ target }) => {
          // While the year is being typed, it is one of long ago.
          if (target.value !== "" && target.validity.valid) void conversation.goToMoment(momentOf(target.value));
        }}
      />
    </div>
  );
}

/** The browser's own calendar; where it has none to show, its field for dates. */
function choose(date: HTMLInputElement | null): void {
  if (date === null) return;
  date.focus();
  try {
    date.showPicker();
  } catch {
    // The field has the keyboard.
  }
}

/** The day as the field has it, where the device is. */
function dateOf(moment: Date): string {
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}

/** When the day begins where the device is. */
function momentOf(day: string): string {
  return new Date(`${day}T00:00`).toISOString();
}
