/** One picture of a film that is running. */
import { encode, fit } from "./encode";

/** Pixels: some devices cannot draw more. */
const LONGEST_SIDE = 4_096;
/** It may be sent as it is, and is written anew where it is made smaller. */
const QUALITY = 0.92;

/** What an element shows, as it is and not as in a mirror. Rejects when that is nothing, or cannot be written. */
export async function takeStill(video: HTMLVideoElement, at = new Date()): Promise<File> {
  const { videoWidth: width, videoHeight: height } = video;
  if (width === 0 || height === 0) throw new Error("There is no picture yet.");
  const size = fit({ width, height }, LONGEST_SIDE);
  const blob = await encode(video, { ...size, type: "image/jpeg", quality: QUALITY });
  if (blob === null) throw new Error("The picture could not be written.");
  return new File([blob], `${nameOf(at)}.jpg`, { type: blob.type, lastModified: at.getTime() });
}

/** `2026-11-28 14.05.09`, on the clock of the device: the same in all languages, in order, and a name on every disk. */
function nameOf(at: Date): string {
  const [month, day, ...time] = [at.getMonth() + 1, at.getDate(), at.getHours(), at.getMinutes(), at.getSeconds()].map(
    (part) => String(part).padStart(2, "0"),
  );
  return `${at.getFullYear()}-${month}-${day} ${time.join(".")}`;
}
