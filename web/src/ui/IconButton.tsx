import type { ComponentProps, ReactNode } from "react";

import { classNames } from "./classNames";
import "./IconButton.css";

interface IconButtonProps extends Omit<ComponentProps<"button">, "aria-label"> {
  /** The accessible name, and the tooltip. */
  readonly label: string;
  readonly variant?: "quiet" | "primary";
}

/** A button that is an icon: `<IconButton label={t("app.close")}><CloseIcon /></IconButton>`. */
export function IconButton({ label, variant = "quiet", className, ...rest }: IconButtonProps): ReactNode {
  const names = classNames("hc-icon-button", `hc-icon-button--${variant}`, className);
  return <button type="button" className={names} aria-label={label} title={label} {...rest} />;
}
