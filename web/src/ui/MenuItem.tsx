import { useId, type ReactNode } from "react";

import { classNames } from "./classNames";
import { CheckIcon } from "./icons";

interface MenuItemProps {
  readonly icon?: ReactNode;
  readonly children: ReactNode;
  onSelect(): void;
  /** Makes it one of several of which one is chosen. */
  readonly checked?: boolean;
  readonly disabled?: boolean;
  readonly tone?: "neutral" | "danger";
}

/** A command of a `Menu`. A disabled one keeps focusable, so that screen readers find it. */
export function MenuItem(props: MenuItemProps): ReactNode {
  const { icon, children, onSelect, checked, disabled = false, tone = "neutral" } = props;
  const state =
    checked === undefined ? { role: "menuitem" as const } : { role: "menuitemradio" as const, "aria-checked": checked };
  return (
    <button
      type="button"
      tabIndex={-1}
      className={classNames("hc-menu__item", tone === "danger" && "hc-menu__item--danger")}
      aria-disabled={disabled}
      onClick={disabled ? undefined : onSelect}
      {...state}
    >
      {icon}
      <span className="hc-menu__item-label">{children}</span>
      {checked === true && <CheckIcon size={18} className="hc-menu__check" />}
    </button>
  );
}

/** Commands that belong together, under a small heading. */
export function MenuGroup({ label, children }: { readonly label: string; readonly children: ReactNode }): ReactNode {
  const headingId = useId();
  return (
    <div role="group" aria-labelledby={headingId} className="hc-menu__group">
      <div id={headingId} className="hc-menu__heading">
        {label}
      </div>
      {children}
    </div>
  );
}
