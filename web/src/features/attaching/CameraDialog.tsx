import { Suspense, type ReactNode } from "react";
import { Dialog } from "../../ui/Dialog";
import { lazyPart } from "../../ui/lazyPart";
import { Spinner } from "../../ui/Spinner";
import "./Camera.css";
import type { CameraPaneProps } from "./CameraPane";
import { useLanguage } from "./useLanguage";

const CameraPane = lazyPart(async () => (await import("./CameraPane")).CameraPane);

interface CameraDialogProps extends CameraPaneProps {
  onClose(): void;
}

/** Takes a picture within the page. */
export function CameraDialog({ onClose, ...pane }: CameraDialogProps): ReactNode {
  const { t, tOfAll } = useLanguage();
  return (
    <Dialog title={t("attach.camera")} closeLabel={tOfAll("app.close")} onClose={onClose}>
      <Suspense fallback={<Opening label={t("attach.camera")} />}>
        <CameraPane {...pane} />
      </Suspense>
    </Dialog>
  );
}

/** As large as what comes. */
function Opening({ label }: { readonly label: string }): ReactNode {
  return (
    <div className="hc-camera">
      <div className="hc-camera__stage">
        <div className="hc-camera__words">
          <Spinner size={32} label={label} />
        </div>
      </div>
      <div className="hc-camera__bar" />
    </div>
  );
}
