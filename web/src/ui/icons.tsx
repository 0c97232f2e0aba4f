import type { ReactNode } from "react";

/** Line icons on a grid of 24, drawn in the colour of the text around them. */
export interface IconProps {
  readonly size?: number | undefined;
  readonly className?: string | undefined;
  /** What it says where it stands for itself. A control names itself: without a label, icons are silent. */
  readonly label?: string | undefined;
}

export type Icon = (props: IconProps) => ReactNode;

export function createIcon(shape: ReactNode): Icon {
  return function Icon({ size = 20, className, label }) {
    return (
      <svg
        width={size}
        height={size}
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.75"
        strokeLinecap="round"
        strokeLinejoin="round"
        role={label ? "img" : undefined}
        aria-label={label}
        aria-hidden={!label}
        focusable="false"
        className={className}
      >
        {shape}
      </svg>
    );
  };
}

export const AlertIcon = createIcon(<path d="M12 8v4.5m0 3.2v.1M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Z" />);
export const ArchiveIcon = createIcon(
  <path d="M4 5h16v4H4zM5.5 9v9A1.5 1.5 0 0 0 7 19.5h10a1.5 1.5 0 0 0 1.5-1.5V9M10 13h4" />,
);
export const ArrowDownIcon = createIcon(<path d="M12 5v14m-6-6 6 6 6-6" />);
export const BackIcon = createIcon(<path d="m14.5 5-7 7 7 7" />);
export const BellIcon = createIcon(
  <path d="M6 10a6 6 0 0 1 12 0c0 5 2 6.5 2 6.5H4S6 15 6 10Zm4 10a2.2 2.2 0 0 0 4 0" />,
);
export const ChatIcon = createIcon(
  <path d="M20.5 11.5c0 4.1-3.8 7.5-8.5 7.5-1.2 0-2.4-.2-3.4-.6L4 20l1.3-3.7a7 7 0 0 1-1.8-4.8C3.5 7.4 7.3 4 12 4s8.5 3.4 8.5 7.5Z" />,
);
export const CheckIcon = createIcon(<path d="m5 12.5 4.5 4.5L19 7.5" />);
export const ChevronRightIcon = createIcon(<path d="m9.5 5 7 7-7 7" />);
export const ClockIcon = createIcon(<path d="M12 7.5V12l3 2m-3-10.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Z" />);
export const CloseIcon = createIcon(<path d="m6 6 12 12M18 6 6 18" />);
export const ComposeIcon = createIcon(
  <path d="M11 5H6.5A2.5 2.5 0 0 0 4 7.5v10A2.5 2.5 0 0 0 6.5 20h10a2.5 2.5 0 0 0 2.5-2.5V13m-9.5 1.5.6-3L17.7 3.9a1.7 1.7 0 0 1 2.4 2.4l-7.6 7.6-3 .6Z" />,
);
export const DoubleCheckIcon = createIcon(<path d="m2.5 12.5 4.5 4.5 9-9.5m-4 9 .5.5 9.5-9.5" />);
export const FormatIcon = createIcon(
  <path d="m3.5 18 5-12 5 12m-8.3-4h6.6M20.5 18v-4.5a2.5 2.5 0 0 0-4.7-1.2m4.7 2.2c-3 0-5 .3-5 2.1s4 2 5-.3" />,
);
export const MonitorIcon = createIcon(<path d="M9 20h6m-3-3.5V20M4.5 4.5h15v12h-15z" />);
export const MoonIcon = createIcon(<path d="M20 14.2A8.3 8.3 0 0 1 9.8 4 8.3 8.3 0 1 0 20 14.2Z" />);
export const OfflineIcon = createIcon(
  <path d="m4 4 16 16M8.5 12.7a5 5 0 0 1 3-1.6m4 1.7-.3-.3M5.3 9.3a9.5 9.5 0 0 1 2.6-1.7m10.8 1.7a9.5 9.5 0 0 0-7.2-2.6M12 17v.1" />,
);
export const RetryIcon = createIcon(<path d="M19.5 12A7.5 7.5 0 1 1 17 6.4l2.5 2.2m0-4.6v4.6h-4.6" />);
export const SearchIcon = createIcon(<path d="m20 20-4.2-4.2M11 4.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13Z" />);
export const SendIcon = createIcon(<path d="M12 19V5m-6 6 6-6 6 6" />);
export const SignOutIcon = createIcon(
  <path d="M14 7V5.5A1.5 1.5 0 0 0 12.5 4h-6A1.5 1.5 0 0 0 5 5.5v13A1.5 1.5 0 0 0 6.5 20h6a1.5 1.5 0 0 0 1.5-1.5V17m-4-5h10m-3-3 3 3-3 3" />,
);
export const SunIcon = createIcon(
  <path d="M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8Zm0-5v1.5m0 15V21m9-9h-1.5m-15 0H3m15.4-6.4-1.1 1.1M6.7 17.3l-1.1 1.1m12.8 0-1.1-1.1M6.7 6.7 5.6 5.6" />,
);
export const UnreadIcon = createIcon(
  <path d="M19.5 11.5c.6 4.4-3 7.5-7.5 7.5-1.2 0-2.4-.2-3.4-.6L4 20l1.3-3.7a7 7 0 0 1-1.8-4.8C3.5 7.4 7.3 4 12 4m6.5 1v.01" />,
);
export const TrashIcon = createIcon(
  <path d="M4.5 7h15M9.5 7V4.5h5V7M6.5 7l.8 12a1 1 0 0 0 1 1h7.4a1 1 0 0 0 1-1l.8-12M10 11v5m4-5v5" />,
);
export const UserIcon = createIcon(<path d="M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8Zm-7.5 16a7.5 7.5 0 0 1 15 0" />);
export const BlockIcon = createIcon(<path d="M6 6l12 12M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Z" />);
export const FlagIcon = createIcon(
  <path d="M6 20.5V4.5s1.5-1 4-1 4 1.8 6 1.8 3-.6 3-.6v9s-1 .8-3 .8-3.5-1.8-6-1.8-4 1-4 1" />,
);
export const BriefcaseIcon = createIcon(
  <path d="M4 9.5A1.5 1.5 0 0 1 5.5 8h13A1.5 1.5 0 0 1 20 9.5v8a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 17.5v-8ZM9 8V6.5A1.5 1.5 0 0 1 10.5 5h3A1.5 1.5 0 0 1 15 6.5V8M4 13h16" />,
);
export const DocumentIcon = createIcon(
  <path d="M14 4H7.5A1.5 1.5 0 0 0 6 5.5v13A1.5 1.5 0 0 0 7.5 20h9a1.5 1.5 0 0 0 1.5-1.5V8l-4-4Zm0 0v4h4M9.5 12.5h5m-5 3.5h3.5" />,
);
export const MutedIcon = createIcon(
  <path d="M4 4l16 16M8.3 5.3A6 6 0 0 1 18 10c0 2 .3 3.4.7 4.4M6.2 8.5A6 6 0 0 0 6 10c0 5-2 6.5-2 6.5h12.5M10 20a2.2 2.2 0 0 0 4 0" />,
);
export const SettingsIcon = createIcon(
  <path d="M4 7h9m5 0h2M4 17h2m5 0h9M15.5 4.7a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 0 0 0-4.6ZM8.5 14.7a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 0 0 0-4.6Z" />,
);
export const MoreIcon = createIcon(<path d="M12 5.5v.01M12 12v.01M12 18.5v.01" strokeWidth="2.75" />);
