import type { ReactNode } from "react";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { IconButton } from "../../ui/IconButton";
import { createIcon } from "../../ui/icons";
import { MenuFailed } from "../../ui/MenuFailed";
import { useMenu } from "../../ui/useMenu";
import { useAttaching } from "./useAttaching";

const AttachIcon = createIcon(
  <path d="m19.5 11.5-7.3 7.3a4.6 4.6 0 0 1-6.5-6.5l7.6-7.6a3 3 0 0 1 4.3 4.3l-7.5 7.5a1.5 1.5 0 0 1-2.1-2.1l6.8-6.8" />,
);

/** Opens the ways to choose a file. */
export function AttachButton({ roomId }: { readonly roomId: string }): ReactNode {
  const { t } = useTranslation();
  const menu = useMenu();
  const { parts, hasFailed } = useAttaching(menu.isWanted);
  return (
    <div className="hc-menu">
      <IconButton label={t("composer.attach")} className="hc-composer__round" {...menu.trigger}>
        <AttachIcon />
      </IconButton>
      {parts !== null && <parts.AttachMenu roomId={roomId} menu={menu} />}
      {menu.isOpen && hasFailed && <MenuFailed />}
    </div>
  );
}
