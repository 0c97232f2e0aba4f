import { use, useState, type CSSProperties, type ReactNode } from "react";

import "./Avatar.css";
import { classNames } from "./classNames";
import { PictureContext, pictureAt, useImageAddress } from "./imageBase";
import { PresenceDot, type PresenceStatus } from "./PresenceDot";

interface AvatarProps {
  readonly name: string;
  /** Address of a picture; initials stand in when it is null or cannot be loaded. */
  readonly image: string | null;
  /** What the colour of the initials is chosen by, so that it stays when the name changes. */
  readonly colorKey?: string;
  /** Diameter in pixels. */
  readonly size?: number;
  readonly presence?: PresenceStatus | null;
  readonly className?: string;
}

const colorCount = 8;

/** Somebody's picture, or their initials in a colour of their own. The name stands beside it: it is silent itself. */
export function Avatar({ name, image, colorKey, size = 44, presence = null, className }: AvatarProps): ReactNode {
  const { shown, ...events } = useShown(image);
  return (
    <span
      className={classNames("hc-avatar", shown === null && hueOf(colorKey ?? name), className)}
      style={lengths({ "--hc-avatar-size": size })}
      aria-hidden="true"
      data-initials={shown === null ? initialsOf(name) : undefined}
    >
      {shown !== null && (
        <img
          className="hc-avatar__image"
          src={shown}
          alt=""
          loading="lazy"
          decoding="async"
          referrerPolicy="no-referrer"
          {...events}
        />
      )}
      {presence !== null && <AvatarDot status={presence} size={size >= 64 ? 18 : 13} />}
    </span>
  );
}

/** What is shown of a picture. The same one by a newer address is not loaded again, unless it has failed by the older one. */
function useShown(image: string | null) {
  const address = useImageAddress(image);
  const tell = use(PictureContext);
  const [state, setState] = useState({ address, shown: address });
  if (state.address !== address && (state.shown === null || pictureAt(state.address) !== pictureAt(address)))
    setState({ address, shown: address });
  const change = (shown: string | null): void =>
    setState((before) => (before.address === state.address ? { ...before, shown } : before));
  return {
    shown: state.shown,
    onLoad: () => void tell(state.address ?? "", true),
    onError: () => {
      change(null);
      if (state.shown === state.address) void tell(state.address ?? "", false).then(change);
    },
  };
}

function AvatarDot({ status, size }: { readonly status: PresenceStatus; readonly size: number }): ReactNode {
  return (
    <span className="hc-avatar__presence" style={lengths({ "--hc-dot-size": size })}>
      <PresenceDot status={status} size={size} />
    </span>
  );
}

/** React's types know no custom properties. */
function lengths(pixels: Readonly<Record<`--hc-${string}`, number>>): CSSProperties {
  return Object.fromEntries(Object.entries(pixels).map(([name, length]) => [name, `${String(length)}px`]));
}

/** The class of somebody's colour: the same key has the same on every device. */
export function hueOf(key: string): string {
  return `hc-hue--${String(colorIndex(key))}`;
}

/** The first letters of the first and the last word: “María del Mar” is MM, “Acme (demo)” is A. */
export function initialsOf(name: string): string {
  const bare = name.replace(/\([^)]*\)/gu, " ").trim() || name;
  const words = bare.split(/\s+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const chosen = words.length > 1 ? [words[0], words.at(-1)] : words;
  return chosen.map((word) => firstLetterOf(word ?? "")).join("") || "?";
}

function firstLetterOf(word: string): string {
  return /[\p{L}\p{N}]/u.exec(word)?.[0].toLocaleUpperCase() ?? "";
}

/** The same key has the same colour on every device (FNV-1a). */
export function colorIndex(key: string): number {
  let hash = 0x811c9dc5;
  for (const character of key) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return (hash >>> 0) % colorCount;
}
