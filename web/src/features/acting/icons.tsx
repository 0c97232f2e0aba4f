import { createIcon } from "../../ui/icons";

export const SmileIcon = createIcon(
  <path d="M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM8.5 14.2a4.2 4.2 0 0 0 7 0M9.2 9.6v.1m5.6-.1v.1" />,
);
export const CopyIcon = createIcon(
  <path d="M9 8.5h9.5a1 1 0 0 1 1 1V19a1 1 0 0 1-1 1H9a1 1 0 0 1-1-1V9.5a1 1 0 0 1 1-1ZM15.5 8.5V5.5a1 1 0 0 0-1-1H5.5a1 1 0 0 0-1 1V14a1 1 0 0 0 1 1H8" />,
);
export const ReplyIcon = createIcon(<path d="M9 7 4 12l5 5M4.5 12H14a6 6 0 0 1 6 6v1" />);
export const EditIcon = createIcon(
  <path d="m5 19 .8-4L16.4 4.4a1.9 1.9 0 0 1 2.7 0l.5.5a1.9 1.9 0 0 1 0 2.7L9 18.2 5 19Z" />,
);
export const PinIcon = createIcon(<path d="M9 4h6l-.6 6.2 3.1 2.8v1.5h-11V13l3.1-2.8L9 4Zm3 10.5V20" />);
export const VersionsIcon = createIcon(<path d="M12 8v4.5l3 1.8M4.5 12A7.5 7.5 0 1 0 7 6.4L4.5 8.6m0-4.6v4.6h4.6" />);
