/** A reply joins the queue of its person, as if one more tab had written it: kept first, then told to the others. */
import { Device } from "../realtime/device";
import { newId } from "../realtime/ids";
import type { QueuedMessage } from "../realtime/outboxQueue";
import { joinTabs, nameOfOutbox } from "../realtime/tabs";

/** The worker's own, as for the app's pages. */
const SERVER = "";

export interface Reply {
  readonly userId: string;
  readonly roomId: string;
  readonly text: string;
}

/**
 * Returns whether it is on disk. Windows hear of it in any case; whichever sends, and however often, the server takes
 * its clientMessageId once.
 */
export async function keepReply({ userId, roomId, text }: Reply): Promise<boolean> {
  const device = await Device.open(SERVER, userId);
  const tabs = joinTabs(nameOfOutbox(SERVER, userId));
  try {
    const orders = (await device.readQueue()).map(({ order }) => order);
    const message: QueuedMessage = {
      clientMessageId: newId(),
      roomId,
      content: text,
      createdAt: new Date().toISOString(),
      order: Math.max(Date.now(), ...orders.map((order) => order + 1)),
      state: "queued",
      error: null,
    };
    const isKept = await device.keepQueued(message);
    tabs.tell({ kind: "queued", message });
    return isKept && device.database.isDurable;
  } finally {
    tabs.close();
    device.close();
  }
}
