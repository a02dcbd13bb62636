const names = [
  "page",
  "surface",
  "sunken",
  "line",
  "line-strong",
  "text",
  "muted",
  "accent",
  "found",
  "baseline",
  "dense",
  "running",
  "good",
  "warn",
  "bad",
  "idle",
  "odd",
] as const;

/** Colours of styles/tokens.css as a canvas takes them, in the theme that is shown. */
export type Palette = Readonly<Record<(typeof names)[number], string>>;

/** Reads the colours as they are now. */
export function readPalette(): Palette {
  const probe = document.createElement("span");
  document.body.append(probe);
  const read = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const palette = Object.fromEntries(names.map((name) => [name, read(name)])) as Palette;
  probe.remove();
  return palette;
}
