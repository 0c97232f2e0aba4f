import { useCallback, useEffect, useRef, useState } from "react";
import type { FilePlace } from "../../realtime/keptFiles";
import type { Attachment } from "../../realtime/types";
import type { Playable } from "./sources";
import { useSources } from "./useSources";

export interface FilmSource {
  readonly phase: "loading" | "ready" | "away" | "failed";
  readonly url: string | null;
  /** Where to go on, in seconds. */
  readonly startAt: number;
  /** It stopped at `seconds`, and does not go on: its address may have ended. */
  onError(seconds: number): void;
}

/** What a video is played from. An address that ends is replaced, once for each time that it has got further. */
export function useFilm(place: FilePlace | null, file: Attachment): FilmSource {
  const sources = useSources();
  const [playable, setPlayable] = useState<Playable | null>(null);
  const [phase, setPhase] = useState<FilmSource["phase"]>("loading");
  const [startAt, setStartAt] = useState(0);
  const [turn, setTurn] = useState(0);
  const failedAt = useRef(-1);
  useEffect(() => {
    let isWanted = true;
    let found: Playable | null = null;
    sources.play(place, file).then(
      (got) => {
        found = got;
        if (!isWanted) got?.release();
        else {
          setPlayable(got);
          setPhase(got === null ? "failed" : "ready");
        }
      },
      () => isWanted && setPhase("away"),
    );
    return () => {
      isWanted = false;
      found?.release();
    };
  }, [sources, place, file, turn]);
  const onError = useCallback(
    (seconds: number) => {
      const isNew = seconds > failedAt.current;
      failedAt.current = seconds;
      setStartAt(seconds);
      if (playable?.isLasting === false && isNew) setTurn((before) => before + 1);
      else setPhase("failed");
    },
    [playable],
  );
  return { phase, url: playable?.url ?? null, startAt, onError };
}
