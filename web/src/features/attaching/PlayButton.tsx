import { useEffect, useRef, useState, type ReactNode } from "react";
import type { LocalFile } from "../../realtime/types";
import { IconButton } from "../../ui/IconButton";
import { PauseIcon, PlayIcon } from "../../ui/playIcons";
import { useLanguage } from "./useLanguage";
import { useObjectUrl } from "./useObjectUrl";

/** Somebody may hear what they have said before it is sent. */
export function PlayButton({ file, name }: { readonly file: LocalFile; readonly name: string }): ReactNode {
  const { t } = useLanguage();
  const url = useObjectUrl(file.id);
  const sound = useRef<HTMLAudioElement>(null);
  const [isPlaying, setIsPlaying] = useState(false);
  useEffect(() => {
    const element = sound.current;
    return () => element?.pause();
  }, [url]);
  const toggle = (): void => {
    if (isPlaying) sound.current?.pause();
    else void sound.current?.play().catch(() => undefined);
  };
  return (
    <>
      <IconButton
        className="hc-tray__play"
        label={t(isPlaying ? "tray.pause" : "tray.play", { name })}
        disabled={url === null}
        onClick={toggle}
      >
        {isPlaying ? <PauseIcon /> : <PlayIcon />}
      </IconButton>
      {url !== null && (
        <audio ref={sound} src={url} onPlay={() => setIsPlaying(true)} onPause={() => setIsPlaying(false)} />
      )}
    </>
  );
}
