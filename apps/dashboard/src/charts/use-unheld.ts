import { type RefObject, useCallback, useEffect, useRef } from "react";

/** What follows from letting go, such as a zoom that the URL keeps, comes first. */
const SETTLE_MS = 400;

/**
 * Runs tasks at once, but while the pointer holds something in the element only the latest of them, and after it was let
 * go: a chart that is drawn anew under the hand forgets what is being dragged.
 */
export function useUnheld(place: RefObject<HTMLElement | null>): (task: () => void) => void {
  const isHeld = useRef(false);
  const waiting = useRef<(() => void) | undefined>(undefined);
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    let settled: ReturnType<typeof setTimeout> | undefined;
    const hold = () => {
      clearTimeout(settled);
      isHeld.current = true;
    };
    const release = () => {
      if (!isHeld.current) return;
      clearTimeout(settled);
      settled = setTimeout(() => {
        isHeld.current = false;
        const task = waiting.current;
        waiting.current = undefined;
        task?.();
      }, SETTLE_MS);
    };
    element.addEventListener("pointerdown", hold);
    window.addEventListener("pointerup", release);
    window.addEventListener("pointercancel", release);
    return () => {
      clearTimeout(settled);
      element.removeEventListener("pointerdown", hold);
      window.removeEventListener("pointerup", release);
      window.removeEventListener("pointercancel", release);
    };
  }, [place]);
  return useCallback((task) => {
    if (isHeld.current) waiting.current = task;
    else task();
  }, []);
}
