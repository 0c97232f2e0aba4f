import type { ReactNode } from "react";

/** The mark of the app, as on its icon. */
export function Logo({ size = 40 }: { readonly size?: number }): ReactNode {
  return (
    <svg width={size} height={size} viewBox="0 0 512 512" aria-hidden="true" focusable="false">
      <rect width="512" height="512" rx="116" fill="#0b6b64" />
      <path
        d="M256 112c-88 0-156 57-156 130 0 41 22 77 56 101 4 24-7 45-24 62 34-1 64-14 85-33 13 2 26 3 39 3 88 0 156-57 156-133S344 112 256 112z"
        fill="#fff"
      />
      <path
        d="M170 246l38 38 74-78M254 262l22 22 74-78"
        fill="none"
        stroke="#0b6b64"
        strokeWidth="26"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
