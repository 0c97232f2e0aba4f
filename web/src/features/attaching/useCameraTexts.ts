import { cameraEn } from "../../lib/i18n/messages/camera.en";
import { cameraEs } from "../../lib/i18n/messages/camera.es";
import { createOwnTexts } from "../../lib/i18n/ownTexts";

/** The texts of the camera, which are loaded with it. */
export const useCameraTexts = createOwnTexts(cameraEn, cameraEs);
