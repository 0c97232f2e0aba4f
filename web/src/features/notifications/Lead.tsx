import type { ReactNode } from "react";

import type { Way } from "./target";

interface LeadProps {
  /** Null when there is none. */
  readonly way: Way | null;
  readonly className: string;
  /** Before it is followed. */
  onFollow(): void;
  readonly children: ReactNode;
}

/** The way to what a notification tells of: a link to a page, or a button into the chat. Without a way, mere text. */
export function Lead({ way, className, onFollow, children }: LeadProps): ReactNode {
  if (way === null) return <div className={className}>{children}</div>;
  if (typeof way === "string") {
    return (
      <a href={way} rel="noopener" className={className} onClick={onFollow}>
        {children}
      </a>
    );
  }
  const follow = (): void => {
    onFollow();
    way();
  };
  return (
    <button type="button" className={className} onClick={follow}>
      {children}
    </button>
  );
}
