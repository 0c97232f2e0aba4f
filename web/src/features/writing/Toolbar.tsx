import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode, type RefObject } from "react";
import { ownKeys } from "../../lib/ownKeys";
import { ariaShortcut, describeShortcut } from "../../lib/shortcuts";
import { IconButton } from "../../ui/IconButton";
import { ACROSS, nextIndex } from "../../ui/menuKeys";
import { TOOL_ICONS } from "./icons";
import { readDraft, writeDraft } from "./input";
import "./Toolbar.css";
import { TOOLS, type Tool } from "./tools";
import { useWritingTexts } from "./useWritingTexts";

interface ToolbarProps {
  readonly id: string;
  readonly input: RefObject<HTMLTextAreaElement | null>;
}

/** The tools for marks, above the input. Tab leads to one of them, the arrow keys to the others. */
export function Toolbar({ id, input }: ToolbarProps): ReactNode {
  const { t } = useWritingTexts();
  const bar = useRef<HTMLDivElement | null>(null);
  const [current, setCurrent] = useState(0);
  const onNow = useToolsOn(input);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape") input.current?.focus();
    const next = nextIndex(event.key, current, TOOLS.length, ACROSS);
    if (next === null) return;
    event.preventDefault();
    setCurrent(next);
    bar.current?.querySelectorAll("button")[next]?.focus();
  };
  return (
    <div
      ref={bar}
      id={id}
      className="hc-tools"
      role="toolbar"
      aria-label={t("writing.toolbar")}
      onKeyDown={ownKeys(onKeyDown)}
    >
      {TOOLS.map((tool, index) => (
        <ToolButton
          key={tool.name}
          tool={tool}
          isOn={onNow.has(tool.name)}
          isTabStop={index === current}
          onUse={() => {
            if (input.current !== null) writeDraft(input.current, tool.use(readDraft(input.current)));
          }}
        />
      ))}
    </div>
  );
}

interface ToolButtonProps {
  readonly tool: Tool;
  readonly isOn: boolean;
  readonly isTabStop: boolean;
  onUse(): void;
}

function ToolButton({
  tool: { name, letter, shift, isOn: canBeOn },
  isOn,
  isTabStop,
  onUse,
}: ToolButtonProps): ReactNode {
  const { t } = useWritingTexts();
  const label = t(`writing.${name}`);
  const Icon = TOOL_ICONS[name];
  return (
    <IconButton
      className="hc-tools__tool"
      label={label}
      title={
        letter === undefined ? label : t("writing.withKeys", { name: label, keys: describeShortcut(letter, shift) })
      }
      aria-keyshortcuts={letter === undefined ? undefined : ariaShortcut(letter, shift)}
      aria-pressed={canBeOn === undefined ? undefined : isOn}
      tabIndex={isTabStop ? 0 : -1}
      // The input keeps the focus, and a phone its keyboard.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onUse}
    >
      <Icon />
    </IconButton>
  );
}

/** The tools that what is selected has been through. */
function useToolsOn(input: RefObject<HTMLTextAreaElement | null>): ReadonlySet<string> {
  const [on, setOn] = useState("");
  useEffect(() => {
    const look = (): void => {
      if (input.current === null) return;
      const draft = readDraft(input.current);
      setOn(TOOLS.flatMap((tool) => (tool.isOn?.(draft) === true ? [tool.name] : [])).join(" "));
    };
    look();
    document.addEventListener("selectionchange", look);
    return () => document.removeEventListener("selectionchange", look);
  }, [input]);
  return new Set(on.split(" "));
}
