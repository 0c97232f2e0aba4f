import { act } from "react";
import { createRoot } from "react-dom/client";
import { FormattedText, type Mentioned } from "./FormattedText";

/** What a message looks like, as `tests/tables/marks.json` writes it down: elements and the addresses of links, nothing else. */
export function shownOf(text: string, mentions: readonly Mentioned[] = []): string {
  const element = document.createElement("div");
  const root = createRoot(element);
  act(() => root.render(<FormattedText text={text} mentions={mentions} />));
  const shown = [...element.childNodes].map(describe).join("");
  act(() => root.unmount());
  return shown;
}

/** What a program reads out, or somebody copies: the text of it all. */
export function readOf(shown: string): string {
  return shown
    .replace(/<[^>]*>/g, "")
    .replace(/&lt;/g, "<")
    .replace(/&amp;/g, "&");
}

function describe(node: ChildNode): string {
  if (!(node instanceof HTMLElement)) return (node.textContent ?? "").replace(/&/g, "&amp;").replace(/</g, "&lt;");
  if (node.matches(".hc-code__bar, [role=status]")) return "";
  const name = node.tagName.toLowerCase();
  const inside = [...node.childNodes].map(describe).join("");
  if (name === "div" || name === "span") return inside;
  const href = node.getAttribute("href");
  return `<${name}${href === null ? "" : ` href="${href}"`}>${inside}</${name}>`;
}
