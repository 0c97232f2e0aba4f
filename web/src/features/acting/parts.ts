/** All that one can do with messages; loaded as one. */
export { ActionLayer } from "./ActionLayer";
export { ComposerBanner } from "./ComposerBanner";
export { PinnedBar } from "./PinnedBar";
export { QuoteOf } from "./QuoteOf";
export { Reactions } from "./Reactions";
