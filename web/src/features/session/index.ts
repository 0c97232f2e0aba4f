/** What other features, and the app, may import of this one. */
export { ChatClientProvider } from "./ChatClientProvider";
export { Session, type SessionState } from "./session";
export { SignInPage } from "./SignInPage";
export { useAppConfig } from "./useAppConfig";
export { useChatClient } from "./useChatClient";
