/** The tools for marks, in their order. */
import { isShortcut } from "../../lib/shortcuts";
import { isOn, makeLink, toggleBlock, toggleEmphasis, toggleLines, type Draft } from "./draft";

export interface Tool {
  readonly name: "bold" | "italic" | "strike" | "code" | "link" | "bullets" | "numbers" | "quote" | "block";
  /** The letter that goes with Command or Control. K is the search's. */
  readonly letter?: string;
  readonly shift?: boolean;
  use(draft: Draft): Draft;
  /** Whether it would take away what is there; a tool without it never does. */
  isOn?(draft: Draft): boolean;
}

function emphasis(name: "bold" | "italic" | "strike" | "code", letter: string, shift = false): Tool {
  return { name, letter, shift, use: (draft) => toggleEmphasis(draft, name), isOn: (draft) => isOn(draft, name) };
}

function lines(name: "bullets" | "numbers" | "quote"): Tool {
  return { name, use: (draft) => toggleLines(draft, name), isOn: (draft) => isOn(draft, name) };
}

export const TOOLS: readonly Tool[] = [
  emphasis("bold", "b"),
  emphasis("italic", "i"),
  emphasis("strike", "x", true),
  emphasis("code", "e"),
  { name: "link", use: (draft) => makeLink(draft) },
  lines("bullets"),
  lines("numbers"),
  lines("quote"),
  { name: "block", use: toggleBlock, isOn: (draft) => isOn(draft, "block") },
];

export function toolOfKeys(event: KeyboardEvent): Tool | undefined {
  return TOOLS.find(({ letter, shift }) => letter !== undefined && isShortcut(event, letter, shift));
}
