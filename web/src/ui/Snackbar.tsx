import { useEffect, useState, type ReactNode } from "react";

import { WritableStore } from "../lib/store";
import { useStore, useStoreSelector } from "../lib/useStore";
import { Button } from "./Button";
import { snack, type Snack } from "./snacks";
import "./Snackbar.css";

const SHOWN_MS = 5_000;

/** The places on the page that could say it: the first does, and the next when that one goes. */
const places = new WritableStore<readonly symbol[]>([]);

/** Says in a line at the bottom what has just happened, for a while. Never goes while somebody is about to use its button. */
export function Snackbar(): ReactNode {
  const shown = useStore(snack);
  const isFirst = useIsFirst();
  return (
    <div className="hc-snackbar" role="status">
      {isFirst && shown !== null && <Line key={shown.text} shown={shown} />}
    </div>
  );
}

function Line({ shown }: { readonly shown: Snack }): ReactNode {
  const [isHeld, setIsHeld] = useState(false);
  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(() => forget(shown), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [shown, isHeld]);
  const { text, action } = shown;
  return (
    <div
      className="hc-snackbar__line"
      onPointerEnter={() => setIsHeld(true)}
      onPointerLeave={() => setIsHeld(false)}
      onFocus={() => setIsHeld(true)}
      onBlur={() => setIsHeld(false)}
    >
      <span>{text}</span>
      {action !== undefined && (
        <Button
          size="small"
          variant="quiet"
          onClick={() => {
            forget(shown);
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
    </div>
  );
}

function forget(shown: Snack): void {
  snack.update((now) => (now === shown ? null : now));
}

function useIsFirst(): boolean {
  const [own] = useState(() => Symbol());
  useEffect(() => {
    places.update((all) => [...all, own]);
    return () => places.update((all) => all.filter((place) => place !== own));
  }, [own]);
  return useStoreSelector(places, ([first]) => first === own);
}
