import { useEffect, useState } from "react";
import { type Palette, readPalette } from "./palette.js";

/** The colours that are shown; new ones when the theme changes. */
export function usePalette(): Palette {
  const [palette, setPalette] = useState(readPalette);
  useEffect(() => {
    const read = () => setPalette(readPalette());
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    const theme = new MutationObserver(read);
    scheme.addEventListener("change", read);
    theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => {
      scheme.removeEventListener("change", read);
      theme.disconnect();
    };
  }, []);
  return palette;
}
