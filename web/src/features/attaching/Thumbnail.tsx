import { useState, type ReactNode } from "react";
import type { LocalFile } from "../../realtime/types";
import { KindIcon } from "../files";
import { useObjectUrl } from "./useObjectUrl";

/** The picture itself, or what kind of file it is. */
export function Thumbnail({ file }: { readonly file: LocalFile }): ReactNode {
  return (
    <span className="hc-tray__picture" aria-hidden="true">
      {file.kind === "image" && file.state !== "refused" ? (
        <Picture id={file.id} />
      ) : (
        <KindIcon kind={file.kind} size={22} />
      )}
    </span>
  );
}

/** Pictures that this browser cannot draw, such as HEIC, have an icon. */
function Picture({ id }: { readonly id: string }): ReactNode {
  const url = useObjectUrl(id);
  const [broken, setBroken] = useState<string | null>(null);
  if (url === null || broken === url) return <KindIcon kind="image" size={22} />;
  return <img src={url} alt="" decoding="async" draggable={false} onError={() => setBroken(url)} />;
}
