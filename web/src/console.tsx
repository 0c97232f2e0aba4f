/** Where the console for moderators starts in the browser: a page of its own beside the app. */
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { Console } from "./console/Console";
import { createConsoleClient } from "./console/consoleClient";
import { Session } from "./features/session";
import { loadWantedLocale } from "./lib/i18n/translate";
import { applyTheme } from "./ui/theme";

applyTheme();
const session = new Session(createConsoleClient);
session.resume();

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no #root.");
await loadWantedLocale();
createRoot(root).render(
  <StrictMode>
    <Console session={session} />
  </StrictMode>,
);
