import { createIcon } from "../../ui/icons";

export const AddPersonIcon = createIcon(
  <path d="M10 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8Zm-7.5 16a7.5 7.5 0 0 1 12-6M18 14v6m-3-3h6" />,
);
export const GroupIcon = createIcon(
  <path d="M9 4.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7ZM2.5 19.5a6.5 6.5 0 0 1 13 0M15.5 4.8a3.5 3.5 0 0 1 0 6.4m2 3a6.5 6.5 0 0 1 4 5.3" />,
);
