/** What shows where one is in a conversation, and the ways to elsewhere; loaded as one. */
export { CurrentDay } from "./CurrentDay";
export { Seeking, WayBack } from "./Ways";
