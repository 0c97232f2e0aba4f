/** All about marks and links that the first load does without; loaded as one. */
export { plainOf } from "../../lib/text/marks";
export { findWebHref } from "../../lib/text/links";
export { DraftMarks } from "./DraftMarks";
export { FormattedText } from "./FormattedText";
export { MentionList } from "./MentionList";
export { attachTools } from "./input";
export { Toolbar } from "./Toolbar";
