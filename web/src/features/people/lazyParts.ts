/** People, and what is told of a conversation: reading and writing need none of it. */
import { lazyPart } from "../../ui/lazyPart";

const load = () => import("./parts");

export const ConversationInfo = lazyPart(async () => (await load()).ConversationInfo);
export const NewConversation = lazyPart(async () => (await load()).NewConversation);
export const PersonDialog = lazyPart(async () => (await load()).PersonDialog);
