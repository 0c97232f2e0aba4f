import { createIcon } from "./icons";

export const CameraIcon = createIcon(
  <path d="M5.5 8H8l1.5-2.5h5L16 8h2.5A1.5 1.5 0 0 1 20 9.5v8a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 17.5v-8A1.5 1.5 0 0 1 5.5 8ZM12 10.5a2.7 2.7 0 1 1 0 5.4 2.7 2.7 0 0 1 0-5.4Z" />,
);
