import { useState, type ReactNode } from "react";

import "./Avatar.css";
import { classNames } from "./classNames";
import { useImageAddress } from "./imageBase";
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
  const [failedImage, setFailedImage] = useState<string | null>(null);
  const address = useImageAddress(image);
  const shown = address !== failedImage ? address : null;
  const color = shown === null ? `hc-avatar--${String(colorIndex(colorKey ?? name))}` : null;
  return (
    <span
      className={classNames("hc-avatar", color, className)}
      style={{ width: size, height: size, fontSize: Math.round(size * 0.36) }}
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
          onError={() => {
            setFailedImage(shown);
          }}
        />
      )}
      {presence !== null && <AvatarDot status={presence} avatarSize={size} />}
    </span>
  );
}

/** The dot, with its middle on the edge of the circle, half way between right and bottom. */
function AvatarDot({
  status,
  avatarSize,
}: {
  readonly status: PresenceStatus;
  readonly avatarSize: number;
}): ReactNode {
  const size = avatarSize >= 64 ? 18 : 13;
  const inset = Math.round(((1 - Math.SQRT1_2) / 2) * avatarSize - size / 2);
  return (
    <span className="hc-avatar__presence" style={{ right: inset, bottom: inset }}>
      <PresenceDot status={status} size={size} />
    </span>
  );
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
