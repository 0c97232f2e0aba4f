/** Offered before any other; as Unicode writes them in full, and as the server does. */
export const QUICK_REACTIONS = ["👍", "❤️", "😂", "🎉", "😮", "🙏"] as const;
