/** Of what is listened to or watched: apart from the icons that the first load has. */
import { createIcon } from "./icons";

export const PlayIcon = createIcon(<path d="M8 5.5v13l11-6.5z" fill="currentColor" />);
export const PauseIcon = createIcon(<path d="M8 5.5v13M16 5.5v13" strokeWidth="3.5" />);
