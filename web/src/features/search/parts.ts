/** All of the search; loaded as one, so that what its parts share is no part of the first load. */
export { ConversationSearch } from "./ConversationSearch";
export { SearchPalette } from "./SearchPalette";
