/** What other features, and the app, may import of this one. */
export { muteChoices, untilOf } from "./muteChoices";
export { MutedMark } from "./MutedMark";
export { allowsAlert, isSettled, mutedUntil } from "./preferences";
export { PreferencesDialog } from "./PreferencesDialog";
export { usePreferencesDialog } from "./usePreferencesDialog";
export { useChoice, usePreferences, whenKnown } from "./usePreferences";
