import type { ViewBench } from "../../lib/viewBench.fixture";
import { FormattedText, type Mentioned } from "./FormattedText";

/** What a message looks like, as `tests/tables/marks.json` writes it down: elements and the addresses of links, nothing else. */
export function shownIn(view: ViewBench, text: string, mentions: readonly Mentioned[] = []): string {
  view.show(<FormattedText text={text} mentions={mentions} />);
  const shown = [...view.container.childNodes].map(describe).join("");
  view.show(null);
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
