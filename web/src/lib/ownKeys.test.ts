import { expect, it, vi } from "vitest";

import { ownKeys } from "./ownKeys";

const keys = ["Enter", "Escape", "ArrowDown", "ArrowUp", "Tab", "Home", " ", "k", "Process", "Unidentified"];

it.each(keys)("leaves %s to an input method that takes it, whichever way the browser says so", (key) => {
  const handle = vi.fn();
  const press = ownKeys<{
    key: string;
    keyCode: number;
    isComposing?: boolean;
    nativeEvent?: { isComposing: boolean };
  }>(handle);
  press({ key, keyCode: 13, isComposing: true });
  press({ key, keyCode: 229, isComposing: false });
  press({ key, keyCode: 229, nativeEvent: { isComposing: false } });
  press({ key, keyCode: 13, nativeEvent: { isComposing: true } });
  expect(handle).not.toHaveBeenCalled();
  press({ key, keyCode: 13, isComposing: false });
  press({ key, keyCode: 13, nativeEvent: { isComposing: false } });
  expect(handle).toHaveBeenCalledTimes(2);
});
