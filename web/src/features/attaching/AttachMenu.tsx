import { useRef, useState, type ReactNode, type RefObject } from "react";
import { CameraIcon } from "../../ui/CameraIcon";
import { MenuItem } from "../../ui/MenuItem";
import { MenuList } from "../../ui/MenuList";
import type { MenuState } from "../../ui/useMenu";
import { useMediaQuery } from "../../ui/useMediaQuery";
import { KindIcon } from "../files";
import { useChatClient } from "../session";
import "./AttachMenu.css";
import { CameraDialog } from "./CameraDialog";
import { mayAskFor } from "./devices";
import { pick } from "./pick";
import { useAttachingTexts } from "./useAttachingTexts";

/** Held in the hand: there is a camera, and often an app for it. */
const handQuery = "(pointer: coarse) and (hover: none)";

interface AttachMenuProps {
  readonly roomId: string;
  readonly menu: MenuState;
}

/** The ways to choose files, and the inputs that open the device's own dialogs. */
export function AttachMenu({ roomId, menu }: AttachMenuProps): ReactNode {
  const { t } = useAttachingTexts();
  const { files } = useChatClient();
  const media = useRef<HTMLInputElement>(null);
  const file = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);
  const [isTaking, setIsTaking] = useState(false);
  const way = useCameraWay();
  const add = (picked: readonly File[]): void => void pick(files, roomId, picked);
  const open = (input: RefObject<HTMLInputElement | null>): void => {
    menu.list.onClose();
    input.current?.click();
  };
  const openCamera = (): void => {
    if (way === "device") open(camera);
    else {
      menu.list.onClose();
      setIsTaking(true);
    }
  };
  return (
    <>
      <Input ref={media} onPick={add} label={t("attach.media")} accept="image/*,video/*" />
      <Input ref={file} onPick={add} label={t("attach.file")} />
      <Input ref={camera} onPick={add} label={t("attach.camera")} accept="image/*" capture="environment" />
      {menu.isOpen && (
        <MenuList label={t("attach.menu")} className="hc-attach-menu" {...menu.list}>
          <MenuItem icon={<KindIcon kind="image" />} onSelect={() => open(media)}>
            {t("attach.media")}
          </MenuItem>
          <MenuItem icon={<KindIcon kind="file" />} onSelect={() => open(file)}>
            {t("attach.file")}
          </MenuItem>
          {way !== null && (
            <MenuItem icon={<CameraIcon />} onSelect={openCamera}>
              {t("attach.camera")}
            </MenuItem>
          )}
        </MenuList>
      )}
      {isTaking && (
        <CameraDialog
          onUse={(picture) => {
            setIsTaking(false);
            add([picture]);
          }}
          onInstead={() => {
            setIsTaking(false);
            open(camera);
          }}
          onClose={() => setIsTaking(false)}
        />
      )}
    </>
  );
}

/**
 * How a picture is taken here. `device`: by the app of a device that is held in the hand, which takes better ones. `page`:
 * by a dialog of ours. Null on a desk whose page may not have a camera: the device would only ask for a file there, and
 * there is a command for that.
 */
function useCameraWay(): "device" | "page" | null {
  const isHeld = useMediaQuery(handQuery);
  // Browsers have it only where it opens a camera.
  if (isHeld && "capture" in HTMLInputElement.prototype) return "device";
  if (mayAskFor("camera")) return "page";
  return isHeld ? "device" : null;
}

interface InputProps {
  readonly ref: RefObject<HTMLInputElement | null>;
  readonly label: string;
  readonly accept?: string;
  readonly capture?: "environment";
  onPick(picked: readonly File[]): void;
}

/** Never seen; the camera takes one picture at a time. */
function Input({ ref, label, capture, onPick, ...rest }: InputProps): ReactNode {
  return (
    <input
      ref={ref}
      type="file"
      hidden
      aria-label={label}
      multiple={capture === undefined}
      capture={capture}
      onChange={({ target }) => {
        onPick([...(target.files ?? [])]);
        // The same file may be chosen again.
        target.value = "";
      }}
      {...rest}
    />
  );
}
