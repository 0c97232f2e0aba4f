/** Where the service worker keeps what another app has shared. */
export const SHARED_CACHE = "hyred-chat-shared";
