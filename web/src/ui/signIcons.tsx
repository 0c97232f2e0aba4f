import { createIcon } from "./icons";

export const PlusIcon = createIcon(<path d="M12 6v12M6 12h12" />);
export const MinusIcon = createIcon(<path d="M6 12h12" />);
