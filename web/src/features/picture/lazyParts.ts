/** Choosing a square of a picture: few ever do. */
import { lazyPart } from "../../ui/lazyPart";

export const CropDialog = lazyPart(async () => (await import("./CropDialog")).CropDialog);
