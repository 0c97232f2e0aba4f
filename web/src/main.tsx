/** Where the app starts in the browser. */
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { App } from "./app/App";
import { Session } from "./features/session";
import { loadWantedLocale } from "./lib/i18n/translate";
import { registerServiceWorker } from "./lib/serviceWorker";
import { createChatClient } from "./realtime/client";
import { applyTheme } from "./ui/theme";

applyTheme();
const session = new Session(createChatClient);
session.resume();

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no #root.");
// The connection is under way meanwhile. Nobody sees English first that reads Spanish.
await loadWantedLocale();
createRoot(root).render(
  <StrictMode>
    <App session={session} />
  </StrictMode>,
);
void registerServiceWorker();
