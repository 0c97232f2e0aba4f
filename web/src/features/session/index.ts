/** What other features, and the app, may import of this one. */
export type { SessionAccess } from "./access";
export type { AppConfig } from "./appConfig";
export { ChatClientProvider } from "./ChatClientProvider";
export { Session, type SessionClient, type SessionState } from "./session";
export { SignInPage } from "./SignInPage";
export { useAppConfig } from "./useAppConfig";
export { useChatClient } from "./useChatClient";
export { useSessionAccess } from "./useSessionAccess";
