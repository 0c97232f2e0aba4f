import type { ReactNode } from "react";

import type { IconProps } from "../../ui/icons";

/** On the same grid, and with the same line, as the icons that all parts share. */
function LineIcon({ size = 20, className, children }: IconProps & { readonly children: ReactNode }): ReactNode {
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
      aria-hidden="true"
      focusable="false"
      className={className}
    >
      {children}
    </svg>
  );
}

export function MutedIcon(props: IconProps): ReactNode {
  return (
    <LineIcon {...props}>
      <path d="M4 4l16 16M8.3 5.3A6 6 0 0 1 18 10c0 2 .3 3.4.7 4.4M6.2 8.5A6 6 0 0 0 6 10c0 5-2 6.5-2 6.5h12.5M10 20a2.2 2.2 0 0 0 4 0" />
    </LineIcon>
  );
}

export function SettingsIcon(props: IconProps): ReactNode {
  return (
    <LineIcon {...props}>
      <path d="M4 7h9m5 0h2M4 17h2m5 0h9M15.5 4.7a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 0 0 0-4.6ZM8.5 14.7a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 0 0 0-4.6Z" />
    </LineIcon>
  );
}

export function MoreIcon(props: IconProps): ReactNode {
  return (
    <LineIcon {...props}>
      <path d="M12 5.5v.01M12 12v.01M12 18.5v.01" strokeWidth="2.75" />
    </LineIcon>
  );
}
