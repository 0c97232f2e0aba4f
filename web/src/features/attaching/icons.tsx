import { createIcon } from "../../ui/icons";

export const StopIcon = createIcon(
  <path d="M7 6h10a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1Z" />,
);
export const LockIcon = createIcon(
  <path d="M7 11h10a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1v-6a1 1 0 0 1 1-1Zm1.5 0V8.5a3.5 3.5 0 0 1 7 0V11" />,
);
