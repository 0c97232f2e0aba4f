import { WritableStore } from "../../lib/store";
import { useStoreSelector } from "../../lib/useStore";

/** The room in which somebody is speaking; null: in none. A page records one voice at a time. */
export const recordingRoom = new WritableStore<string | null>(null);

export function useIsRecording(roomId: string): boolean {
  return useStoreSelector(recordingRoom, (room) => room === roomId);
}
