import { useRef, type ReactNode } from "react";
import { describeError } from "../../lib/i18n/describeError";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { Button } from "../../ui/Button";
import { Spinner } from "../../ui/Spinner";
import { useScrollFocus } from "../../ui/useScrollFocus";
import type { SearchState } from "./messageSearch";
import type { Option } from "./options";
import { OptionRow } from "./OptionRow";
import { useSearchTexts } from "./useSearchTexts";

interface ResultsProps {
  readonly id: string;
  readonly text: string;
  readonly options: readonly Option[];
  readonly active: Option | undefined;
  readonly state: SearchState;
  idOf(option: Option): string;
  onChoose(option: Option): void;
  onRetry(): void;
}

const SECTIONS = ["room", "person", "message"] as const;

/** What was found, in sections. The keyboard stays in the field: these are chosen by its arrow keys, or by a touch. */
export function Results({ id, text, options, active, state, idOf, onChoose, onRetry }: ResultsProps): ReactNode {
  const { t } = useSearchTexts();
  const box = useRef<HTMLDivElement>(null);
  useScrollFocus(box);
  const titles = {
    room: text.trim() === "" ? t("search.recent") : t("search.rooms"),
    person: t("search.people"),
    message: t("search.messages"),
  };
  const count = options.filter(({ kind }) => kind !== "more").length;
  return (
    <div ref={box} className="hc-palette__results">
      <div id={id} role="listbox" aria-label={t("search.results")} aria-busy={state.phase === "searching"}>
        {SECTIONS.map((section) => {
          const shown = options.filter(({ kind }) => kind === section || (section === "message" && kind === "more"));
          if (shown.length === 0) return null;
          return (
            <div key={section} role="group" aria-label={titles[section]} className="hc-palette__section">
              <div className="hc-palette__heading" aria-hidden="true">
                {titles[section]}
              </div>
              {shown.map((option) => (
                <OptionRow
                  key={option.key}
                  id={idOf(option)}
                  option={option}
                  isActive={option === active}
                  isLoadingMore={state.isLoadingMore}
                  onChoose={() => onChoose(option)}
                />
              ))}
            </div>
          );
        })}
      </div>
      <MessagesNote state={state} onRetry={onRetry} />
      {text.trim() === "" && <p className="hc-palette__note">{t("search.hint")}</p>}
      <p className="hc-hidden" role="status">
        {state.phase === "ready" ? t("search.counts", { count }) : ""}
      </p>
    </div>
  );
}

/** What is to be said about the search for messages besides what it has found. */
function MessagesNote({ state, onRetry }: { readonly state: SearchState; onRetry(): void }): ReactNode {
  const { t } = useSearchTexts();
  const { t: general } = useTranslation();
  const { phase, error, query, found, isSlow, hasMore } = state;
  if (error !== null) {
    return (
      <div className="hc-palette__note hc-palette__note--failed" role="alert">
        <p>{t("search.failed")}</p>
        <p>{error.code === "offline" ? t("search.offline") : describeError(error, general)}</p>
        {phase === "failed" && <Button onClick={onRetry}>{general("app.tryAgain")}</Button>}
      </div>
    );
  }
  if (phase === "searching") {
    return (
      <div className="hc-palette__note" role="status">
        <Spinner size={20} />
        <span className={isSlow ? undefined : "hc-hidden"}>{t(isSlow ? "search.slow" : "search.searching")}</span>
      </div>
    );
  }
  if (phase !== "ready" || found.length > 0 || hasMore || query === null) return null;
  return (
    <div className="hc-palette__note" role="status">
      <p>{t("search.none", { query: query.text })}</p>
      <p>{t("search.noneHint")}</p>
    </div>
  );
}
