import { useId, type ReactNode } from "react";

import { classNames } from "../../ui/classNames";
import "./Switch.css";

interface SwitchProps {
  readonly label: string;
  /** `bare`: the label is not seen, as what stands around it says the same. */
  readonly layout?: "row" | "bare";
  readonly hint?: string;
  readonly isOn: boolean;
  onChange(isOn: boolean): void;
}

/** Something that is on or off, at once: the words belong to the button, so that all of it can be hit. */
export function Switch(props: SwitchProps): ReactNode {
  const { label, hint, isOn, layout = "row", onChange } = props;
  const hintId = useId();
  return (
    <button
      type="button"
      role="switch"
      aria-checked={isOn}
      aria-label={label}
      aria-describedby={hint === undefined ? undefined : hintId}
      className={classNames("hc-switch", `hc-switch--${layout}`)}
      onClick={() => onChange(!isOn)}
    >
      {layout === "row" && (
        <span className="hc-switch__words">
          <span>{label}</span>
          {hint !== undefined && (
            <span id={hintId} className="hc-switch__hint">
              {hint}
            </span>
          )}
        </span>
      )}
      <span className="hc-switch__track" aria-hidden="true">
        <span className="hc-switch__knob" />
      </span>
    </button>
  );
}
