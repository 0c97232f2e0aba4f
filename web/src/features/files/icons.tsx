import { createIcon } from "../../ui/icons";

export const DownloadIcon = createIcon(<path d="M12 4v11m-5-5 5 5 5-5M5 19.5h14" />);
export const MessageIcon = createIcon(
  <path d="M20.5 11.5c0 4.1-3.8 7.5-8.5 7.5-1.2 0-2.4-.2-3.4-.6L4 20l1.3-3.7a7 7 0 0 1-1.8-4.8C3.5 7.4 7.3 4 12 4s8.5 3.4 8.5 7.5ZM8.5 11.5h7m-3-3 3 3-3 3" />,
);
