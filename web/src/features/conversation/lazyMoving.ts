/** The ways through a conversation, which are loaded when the page is idle: reading and writing need none of them. */
import { lazyPart } from "../../ui/lazyPart";

const load = () => import("./moving");
const nothing = (): null => null;

export const CurrentDay = lazyPart(async () => (await load()).CurrentDay, nothing);
export const Seeking = lazyPart(async () => (await load()).Seeking, nothing);
export const WayBack = lazyPart(async () => (await load()).WayBack, nothing);
