import { useSyncExternalStore } from "react";

const NARROW = "(max-width: 600px)";

function follow(onChange: () => void): () => void {
  const width = matchMedia(NARROW);
  width.addEventListener("change", onChange);
  return () => width.removeEventListener("change", onChange);
}

/** Whether the page is as narrow as a phone, for what style sheets do not reach. */
export const useNarrow = (): boolean => useSyncExternalStore(follow, () => matchMedia(NARROW).matches);
