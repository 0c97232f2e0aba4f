/** Taking a picture within the page: loaded with what does it. */
export const cameraEn = {
  "camera.preview": "What the camera sees",
  "camera.waiting": "Waiting for the camera… Allow it if the browser asks.",
  "camera.live": "The camera is on",
  "camera.taken": "Picture taken",
  "camera.still": "The picture that you have taken",
  "camera.choose": "Camera",
  "camera.nth": "Camera {number}",
  "camera.take": "Take picture",
  "camera.use": "Use picture",
  "camera.again": "Take again",
  "camera.retry": "Try again",
  "camera.instead": "Choose a picture",
  "camera.denied":
    "The camera is not allowed here. Allow it for this site in the browser's settings (the symbol beside the address), then try again.",
  "camera.missing": "No camera was found. Connect one, then try again.",
  "camera.busy": "The camera cannot be used right now. Close other programs that use it, then try again.",
  "camera.silent":
    "The camera does not answer. Allow it if the browser asks, and close other programs that use it. Then try again.",
  "camera.unplugged": "The camera is gone: it was unplugged, or is no longer allowed. Connect it, then try again.",
  "camera.failed": "The picture could not be taken. Please try again.",
} as const;
