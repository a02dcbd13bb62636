import { useEffect, useState } from "react";

const ITEM = "espalier.theme";
const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const read = (): Theme => themes.find((theme) => theme === localStorage.getItem(ITEM)) ?? "system";

/** The theme that is chosen on this machine, and what chooses the next one. */
export function useTheme(): readonly [Theme, () => void] {
  const [theme, setTheme] = useState(read);
  useEffect(() => {
    localStorage.setItem(ITEM, theme);
    if (theme === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = theme;
  }, [theme]);
  return [theme, () => setTheme(themes[(themes.indexOf(theme) + 1) % themes.length] ?? "system")];
}
