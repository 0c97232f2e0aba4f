import { act } from "react";
import { createRoot } from "react-dom/client";
import { beforeEach, expect, it, vi } from "vitest";

import { WritableStore } from "./store";
import { useStoreSelector } from "./useStore";

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
});

it("renders again only when the selected part is another", () => {
  const store = new WritableStore({ count: 1, other: "a" });
  const renders: number[] = [];
  function Count() {
    const count = useStoreSelector(store, (value) => value.count);
    renders.push(count);
    return count;
  }
  const container = document.createElement("div");
  act(() => createRoot(container).render(<Count />));
  act(() => store.set({ count: 1, other: "b" }));
  expect(renders).toEqual([1]);
  act(() => store.set({ count: 2, other: "b" }));
  expect(container.textContent).toBe("2");
});

it("may select an object made anew, when it is told what makes two of them the same", () => {
  const store = new WritableStore({ a: 1, b: 1 });
  let renders = 0;
  function Pair() {
    renders++;
    return useStoreSelector(
      store,
      ({ a }) => ({ a }),
      (one, two) => one.a === two.a,
    ).a;
  }
  const container = document.createElement("div");
  act(() => createRoot(container).render(<Pair />));
  const before = renders;
  act(() => store.set({ a: 1, b: 2 }));
  expect(renders).toBe(before);
});
