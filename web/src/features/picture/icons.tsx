import { createIcon } from "../../ui/icons";

export const CameraIcon = createIcon(
  <path d="M5.5 8H8l1.5-2.5h5L16 8h2.5A1.5 1.5 0 0 1 20 9.5v8a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 17.5v-8A1.5 1.5 0 0 1 5.5 8ZM12 10.5a2.7 2.7 0 1 1 0 5.4 2.7 2.7 0 0 1 0-5.4Z" />,
);
export const PictureIcon = createIcon(
  <path d="M6 4.5h12A1.5 1.5 0 0 1 19.5 6v12a1.5 1.5 0 0 1-1.5 1.5H6A1.5 1.5 0 0 1 4.5 18V6A1.5 1.5 0 0 1 6 4.5Zm-1.5 11 4-4 3.5 3.5 2.5-2.5 5 5M15 9v.1" />,
);
export const PlusIcon = createIcon(<path d="M12 6v12M6 12h12" />);
export const MinusIcon = createIcon(<path d="M6 12h12" />);
