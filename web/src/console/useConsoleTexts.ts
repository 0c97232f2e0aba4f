import { consoleEn } from "../lib/i18n/messages/console.en";
import { consoleEs } from "../lib/i18n/messages/console.es";
import { createOwnTexts, type TranslateOwn } from "../lib/i18n/ownTexts";

export type ConsoleKey = keyof typeof consoleEn;
export type TranslateConsole = TranslateOwn<typeof consoleEn>;

/** The texts of the console, which the app does without. */
export const useConsoleTexts = createOwnTexts(consoleEn, consoleEs);
