import { createIcon } from "../../ui/icons";

export const PictureIcon = createIcon(
  <path d="M6 4.5h12A1.5 1.5 0 0 1 19.5 6v12a1.5 1.5 0 0 1-1.5 1.5H6A1.5 1.5 0 0 1 4.5 18V6A1.5 1.5 0 0 1 6 4.5Zm-1.5 11 4-4 3.5 3.5 2.5-2.5 5 5M15 9v.1" />,
);
