import type { ComponentProps, ReactNode } from "react";

import "./Button.css";
import { classNames } from "./classNames";

interface ButtonProps extends ComponentProps<"button"> {
  readonly variant?: "primary" | "secondary" | "quiet" | "danger";
  readonly size?: "small" | "regular";
}

/** A button with words. */
export function Button({ variant = "secondary", size = "regular", className, ...rest }: ButtonProps): ReactNode {
  const names = classNames("hc-button", `hc-button--${variant}`, size === "small" && "hc-button--small", className);
  return <button type="button" className={names} {...rest} />;
}
