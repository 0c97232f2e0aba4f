import { createIcon } from "../../ui/icons";

export const PictureIcon = createIcon(
  <path d="M6 4.5h12A1.5 1.5 0 0 1 19.5 6v12a1.5 1.5 0 0 1-1.5 1.5H6A1.5 1.5 0 0 1 4.5 18V6A1.5 1.5 0 0 1 6 4.5Zm-1.5 11 4-4 3.5 3.5 2.5-2.5 5 5M15 9v.1" />,
);
export const FileIcon = createIcon(
  <path d="M14 4H7.5A1.5 1.5 0 0 0 6 5.5v13A1.5 1.5 0 0 0 7.5 20h9a1.5 1.5 0 0 0 1.5-1.5V8l-4-4Zm0 0v4h4" />,
);
export const FilmIcon = createIcon(
  <path d="M6 6h8.5A1.5 1.5 0 0 1 16 7.5v9a1.5 1.5 0 0 1-1.5 1.5H6a1.5 1.5 0 0 1-1.5-1.5v-9A1.5 1.5 0 0 1 6 6Zm10 4.5 3.5-2.5v8L16 13.5" />,
);
export const SoundIcon = createIcon(<path d="M5 10v4m3.5-7v10M12 4.5v15M15.5 8v8m3.5-5.5v3" />);
export const CameraIcon = createIcon(
  <path d="M5.5 8H8l1.5-2.5h5L16 8h2.5A1.5 1.5 0 0 1 20 9.5v8a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 17.5v-8A1.5 1.5 0 0 1 5.5 8ZM12 10.5a2.7 2.7 0 1 1 0 5.4 2.7 2.7 0 0 1 0-5.4Z" />,
);
export const MicrophoneIcon = createIcon(
  <path d="M12 4a2.5 2.5 0 0 1 2.5 2.5v5a2.5 2.5 0 0 1-5 0v-5A2.5 2.5 0 0 1 12 4Zm-6 7.5a6 6 0 0 0 12 0M12 17.5V20" />,
);
export const StopIcon = createIcon(
  <path d="M7 6h10a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1Z" />,
);
export const LockIcon = createIcon(
  <path d="M7 11h10a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1v-6a1 1 0 0 1 1-1Zm1.5 0V8.5a3.5 3.5 0 0 1 7 0V11" />,
);
export const PlayIcon = createIcon(<path d="M8 5.5v13l10.5-6.5L8 5.5Z" />);
export const PauseIcon = createIcon(<path d="M8.5 6v12m7-12v12" />);
