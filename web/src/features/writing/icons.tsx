import { createIcon } from "../../ui/icons";

export const CopyIcon = createIcon(
  <path d="M9 8.5h9.5A1.5 1.5 0 0 1 20 10v9a1.5 1.5 0 0 1-1.5 1.5H10A1.5 1.5 0 0 1 8.5 19V9M15.5 8.5v-3A1.5 1.5 0 0 0 14 4H5.5A1.5 1.5 0 0 0 4 5.5V14a1.5 1.5 0 0 0 1.5 1.5h3" />,
);

/** By the names of the tools. */
export const TOOL_ICONS = {
  bold: createIcon(<path d="M7.5 12h5.7a3.7 3.7 0 0 1 0 7.5H7.5v-15h5a3.7 3.7 0 0 1 0 7.5" strokeWidth="2.25" />),
  italic: createIcon(<path d="M10.5 4.5h7m-11 15h7m.5-15-4 15" />),
  strike: createIcon(
    <path d="M4 12h16M16.5 7.5c-.4-1.9-2-3-4.4-3-2.6 0-4.4 1.3-4.4 3.4 0 .5.1 1 .4 1.4m-.6 7c.5 2 2.2 3.2 4.7 3.2 2.8 0 4.7-1.4 4.7-3.7 0-.7-.2-1.3-.5-1.8" />,
  ),
  code: createIcon(<path d="m8.5 7-5 5 5 5m7-10 5 5-5 5" />),
  link: createIcon(
    <path d="M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1m2 3.7a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1-1" />,
  ),
  bullets: createIcon(<path d="M9.5 6.5H20M9.5 12H20M9.5 17.5H20M4.8 6.5v.01m0 5.49v.01m0 5.49v.01" />),
  numbers: createIcon(
    <path d="M10.5 6.5H20M10.5 12H20M10.5 17.5H20M4 5l1.3-.7V9.5M4 14.7c.2-.6.7-.9 1.3-.9.8 0 1.4.5 1.4 1.2 0 1.3-2.7 2.2-2.7 4h2.8" />,
  ),
  quote: createIcon(<path d="M5 5v14M10 7h10M10 12h10m-10 5h6" />),
  block: createIcon(<path d="M4.5 4.5h15v15h-15zM10 9.5 7.5 12l2.5 2.5m4-5 2.5 2.5-2.5 2.5" />),
} as const;
