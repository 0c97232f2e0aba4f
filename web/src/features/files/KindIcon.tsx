import type { ReactNode } from "react";
import type { AttachmentKind } from "../../realtime/types";
import { createIcon, type Icon, type IconProps } from "../../ui/icons";

const iconOf = (d: string): Icon => createIcon(<path d={d} />);

const ICONS: Readonly<Record<AttachmentKind, Icon>> = {
  image: iconOf("M4.5 5h15v14h-15zM5 16.5l4.5-4.5 3.5 3.5 2.5-2.5 4 4M15 9.2v.1"),
  video: iconOf("M3.5 6.5h12v11h-12zM15.5 11l5-3v8l-5-3z"),
  audio: iconOf(
    "M9 17.5V6l9.5-2v11.5M9 17.5a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0Zm9.5-2a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0Z",
  ),
  voice: iconOf("M12 3.5a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0v-5a3 3 0 0 1 3-3ZM5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v2.5"),
  pdf: iconOf("M7 3.5h6.5L18 8v12.5H7zM13.5 3.5V8H18M10 12.5h5M10 16h5"),
  file: iconOf("M7 3.5h6.5L18 8v12.5H7zM13.5 3.5V8H18"),
};

interface KindIconProps extends IconProps {
  readonly kind: AttachmentKind;
}

/** What a file is, at a glance. */
export function KindIcon({ kind, ...props }: KindIconProps): ReactNode {
  const Icon = ICONS[kind];
  return <Icon {...props} />;
}
