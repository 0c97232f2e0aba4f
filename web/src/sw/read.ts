/** A notification was read while no window of its person was open: kept for the next one, which tells the server. */
import { Device } from "../realtime/device";
import { keepMarks } from "../realtime/notificationMarks";

/** Never throws: what cannot be kept stays unread. */
export async function keepRead(userId: string, notificationId: string): Promise<void> {
  const device = await Device.open("", userId);
  const mark = { id: notificationId, createdAt: new Date().toISOString(), data: {} };
  await keepMarks(device.database, [mark]).catch(() => undefined);
  device.close();
}
