import { useRef, type ReactNode, type RefObject } from "react";
import { CameraIcon } from "../../ui/CameraIcon";
import { MenuItem } from "../../ui/MenuItem";
import { MenuList } from "../../ui/MenuList";
import type { MenuState } from "../../ui/useMenu";
import { useMediaQuery } from "../../ui/useMediaQuery";
import { KindIcon } from "../files";
import { useChatClient } from "../session";
import "./AttachMenu.css";
import { pick } from "./pick";
import { useAttachingTexts } from "./useAttachingTexts";

/** Devices that are held in the hand have a camera that the browser opens by itself. */
const handQuery = "(pointer: coarse) and (hover: none)";

interface AttachMenuProps {
  readonly roomId: string;
  readonly menu: MenuState;
}

/** The ways to choose files, and the inputs that open the device's own dialogs. */
export function AttachMenu({ roomId, menu }: AttachMenuProps): ReactNode {
  const { t } = useAttachingTexts();
  const media = useRef<HTMLInputElement>(null);
  const file = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);
  const hasCamera = useMediaQuery(handQuery);
  const open = (input: RefObject<HTMLInputElement | null>): void => {
    menu.list.onClose();
    input.current?.click();
  };
  return (
    <>
      <Input ref={media} roomId={roomId} label={t("attach.media")} accept="image/*,video/*" />
      <Input ref={file} roomId={roomId} label={t("attach.file")} />
      <Input ref={camera} roomId={roomId} label={t("attach.camera")} accept="image/*" capture="environment" />
      {menu.isOpen && (
        <MenuList label={t("attach.menu")} className="hc-attach-menu" {...menu.list}>
          <MenuItem icon={<KindIcon kind="image" />} onSelect={() => open(media)}>
            {t("attach.media")}
          </MenuItem>
          <MenuItem icon={<KindIcon kind="file" />} onSelect={() => open(file)}>
            {t("attach.file")}
          </MenuItem>
          {hasCamera && (
            <MenuItem icon={<CameraIcon />} onSelect={() => open(camera)}>
              {t("attach.camera")}
            </MenuItem>
          )}
        </MenuList>
      )}
    </>
  );
}

interface InputProps {
  readonly ref: RefObject<HTMLInputElement | null>;
  readonly roomId: string;
  readonly label: string;
  readonly accept?: string;
  readonly capture?: "environment";
}

/** Never seen; the camera takes one picture at a time. */
function Input({ ref, roomId, label, capture, ...rest }: InputProps): ReactNode {
  const { files } = useChatClient();
  return (
    <input
      ref={ref}
      type="file"
      hidden
      aria-label={label}
      multiple={capture === undefined}
      capture={capture}
      onChange={({ target }) => {
        void pick(files, roomId, [...(target.files ?? [])]);
        // The same file may be chosen again.
        target.value = "";
      }}
      {...rest}
    />
  );
}
