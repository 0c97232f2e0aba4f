import { useState, type ReactNode } from "react";

import type { pushEn } from "../../lib/i18n/messages/push.en";
import { usePushTexts } from "../../lib/i18n/usePushTexts";
import { useStore } from "../../lib/useStore";
import { BellIcon } from "../../ui/icons";
import { MenuItem } from "../../ui/MenuItem";
import { useSessionAccess } from "../session";
import { deviceOf } from "./deviceOf";
import type { PushDevice, PushState } from "./pushDevice";
import "./PushMenuItem.css";

type Text = Exclude<keyof typeof pushEn, "push.replyLostBody">;

interface Words {
  readonly label: Text;
  readonly hint?: Text;
}

const words: Readonly<Record<PushState, Words>> = {
  unsupported: { label: "push.unsupported", hint: "push.unsupportedHint" },
  homeScreen: { label: "push.allow", hint: "push.homeScreenHint" },
  default: { label: "push.allow" },
  denied: { label: "push.blocked", hint: "push.blockedHint" },
  working: { label: "push.working" },
  subscribed: { label: "push.on" },
  noServerPush: { label: "push.on", hint: "push.liveOnlyServer" },
  noBrowserPush: { label: "push.on", hint: "push.liveOnlyBrowser" },
  failed: { label: "push.on", hint: "push.failed" },
};

/** Allows notifications on this device; afterwards it says what became of that. None in a page where the host signs people in. */
export function PushMenuItem(): ReactNode {
  const access = useSessionAccess();
  return access && <Item device={deviceOf(access)} />;
}

function Item({ device }: { readonly device: PushDevice }): ReactNode {
  const { t } = usePushTexts();
  const state = useStore(device.state);
  const [wasAsked, setWasAsked] = useState(false);
  const { label, hint } = words[state];
  const isUseful = state === "default" || state === "failed";
  const allow = (): void => {
    setWasAsked(true);
    void device.allow();
  };
  return (
    <MenuItem icon={<BellIcon size={18} />} disabled={!isUseful} onSelect={allow}>
      {/* Told when it follows from a click, not when the menu opens. */}
      <span aria-live={wasAsked ? "polite" : "off"}>
        {t(label)}
        {hint !== undefined && <span className="hc-push__hint"> {t(hint)}</span>}
      </span>
    </MenuItem>
  );
}
