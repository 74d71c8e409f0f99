// A line pulled from a card or a row to another: followed while the button is down, told where it was let go.

import { useCallback, useState, type PointerEvent } from "react";
import type { Point } from "./geometry";

export type Spot = { relation: string; row: string };
const FAR = 5; // pixels before a press becomes a pull

/** What stands under a point of the screen: a card, and the row of it. */
function under(root: Document | ShadowRoot, x: number, y: number): Spot | null {
  const found = root.elementsFromPoint(x, y).find((one) => one.closest(".dbw-card"));
  const relation = found?.closest<HTMLElement>(".dbw-card")?.dataset["relation"];
  return relation === undefined ? null : { relation, row: found?.closest<HTMLElement>(".dbw-row")?.dataset["attribute"] ?? "" };
}

export function usePull(toFlow: (x: number, y: number) => Point, landed: (from: Spot, to: Spot) => void) {
  const [pulled, setPulled] = useState<{ from: Point; to: Point } | null>(null);
  const pull = useCallback(
    (event: PointerEvent, from: Spot) => {
      if (event.button !== 0 || (from.row && event.pointerType === "touch")) return;
      const root = (event.currentTarget as Element).getRootNode() as Document | ShadowRoot;
      const [x, y] = [event.clientX, event.clientY];
      const start = toFlow(x, y);
      let far = false;
      const move = (now: globalThis.PointerEvent) => {
        far ||= Math.hypot(now.clientX - x, now.clientY - y) > FAR;
        if (far) setPulled({ from: start, to: toFlow(now.clientX, now.clientY) });
      };
      const end = (now: globalThis.PointerEvent | globalThis.KeyboardEvent) => {
        if (now instanceof KeyboardEvent && now.key !== "Escape") return;
        removeEventListener("pointermove", move);
        removeEventListener("pointerup", end);
        removeEventListener("pointercancel", end);
        removeEventListener("keydown", end, true);
        setPulled(null);
        if (!far || !("clientX" in now) || now.type === "pointercancel") return;
        const to = under(root, now.clientX, now.clientY);
        if (!to || (to.relation === from.relation && (!to.row || to.row === from.row))) return;
        landed(from, to);
      };
      addEventListener("pointermove", move);
      addEventListener("pointerup", end);
      addEventListener("pointercancel", end);
      addEventListener("keydown", end, true);
    },
    [toFlow, landed],
  );
  return { pulled, pull };
}
