import { useState, type ReactNode } from "react";
import type { LocalFile } from "../../realtime/types";
import { FileIcon, FilmIcon, PictureIcon, SoundIcon } from "./icons";
import { useObjectUrl } from "./useObjectUrl";

const ICONS = {
  image: PictureIcon,
  video: FilmIcon,
  audio: SoundIcon,
  voice: SoundIcon,
  pdf: FileIcon,
  file: FileIcon,
} as const;

/** The picture itself, or what kind of file it is. */
export function Thumbnail({ file }: { readonly file: LocalFile }): ReactNode {
  const Icon = ICONS[file.kind];
  return (
    <span className="hc-tray__picture" aria-hidden="true">
      {file.kind === "image" && file.state !== "refused" ? <Picture id={file.id} /> : <Icon size={22} />}
    </span>
  );
}

/** Pictures that this browser cannot draw, such as HEIC, have an icon. */
function Picture({ id }: { readonly id: string }): ReactNode {
  const url = useObjectUrl(id);
  const [broken, setBroken] = useState<string | null>(null);
  if (url === null || broken === url) return <PictureIcon size={22} />;
  return <img src={url} alt="" decoding="async" draggable={false} onError={() => setBroken(url)} />;
}
