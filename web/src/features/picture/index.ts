/** What other features may import of this one, which is loaded later as a whole. */
export { describePictureError } from "./describePictureError";
export { GroupPicture } from "./GroupPicture";
export { NewPicture } from "./NewPicture";
export { UploadProgress } from "./UploadProgress";
export { usePictureTexts } from "./usePictureTexts";
export { usePictureUpload } from "./usePictureUpload";
