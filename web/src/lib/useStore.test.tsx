import { act } from "react";
import { expect, it } from "vitest";

import { WritableStore } from "./store";
import { useStoreSelector } from "./useStore";
import { ViewBench } from "./viewBench.fixture";

const view = new ViewBench();

it("renders again only when the selected part is another", () => {
  const store = new WritableStore({ count: 1, other: "a" });
  const renders: number[] = [];
  function Count() {
    const count = useStoreSelector(store, (value) => value.count);
    renders.push(count);
    return count;
  }
  view.show(<Count />);
  act(() => store.set({ count: 1, other: "b" }));
  expect(renders).toEqual([1]);
  act(() => store.set({ count: 2, other: "b" }));
  expect(view.container.textContent).toBe("2");
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
  view.show(<Pair />);
  const before = renders;
  act(() => store.set({ a: 1, b: 2 }));
  expect(renders).toBe(before);
});
