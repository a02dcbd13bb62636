import type { DecoderShape } from "@espalier/contracts";
import { adaprunerEntries, adaprunerMetrics } from "../adapruner.js";
import { allowedChoices } from "../conditions.js";
import type { SpaceContext } from "../context.js";
import type { SpaceEntry } from "../entry.js";
import { espalierEntries } from "../espalier.js";
import { descriptions } from "./descriptions.js";

/** Layers of the model whose ranges are shown, and of one that is shallow enough for a factor per layer. */
const DEEP = 32;
const SHALLOW = 12;

const shapeOf = (depth: number): DecoderShape => ({
  hiddenSize: 4096,
  headDim: 128,
  vocabSize: 32_000,
  maxPositions: 4096,
  ropeTheta: 10_000,
  rmsNormEps: 1e-5,
  tiedEmbeddings: false,
  layers: Array.from({ length: depth }, () => ({ heads: 32, kvHeads: 8, intermediateSize: 11_008 })),
});

const contextOf = (depth: number, layout: SpaceContext["layout"], metrics: readonly string[]): SpaceContext => ({
  shape: shapeOf(depth),
  metrics,
  compensation: "search",
  layout,
  clusters: 8,
  samples: 256,
});

/** Numbered names as one. */
export function familyName(name: string): string {
  return name.replace(/\.\d+$/, ".N").replace(/^metric\..*/, "metric.<metric>");
}

/** `docs/search-space.md`: every parameter of both presets, read from the spaces themselves. */
export function spaceDocument(metrics: readonly string[]): string {
  const espalier = (depth: number, layout: SpaceContext["layout"]) =>
    espalierEntries(contextOf(depth, layout, metrics));
  const spaces: readonly (readonly [string, readonly SpaceEntry[]])[] = [
    ["deep", espalier(DEEP, "free")],
    ["shallow", espalier(SHALLOW, "free")],
    ["uniform", espalier(DEEP, "uniform")],
  ];
  const adapruner = adaprunerEntries(contextOf(DEEP, "free", adaprunerMetrics));
  return `# Search space

Generated from the space by \`npm run openapi\`; do not edit.

What a trial may decide. \`search.space\` of a job changes any of it, by name:

| form | meaning |
|---|---|
| \`"norm": "rank"\` | fixed to a value |
| \`"power": {"low": 0.5, "high": 2, "log": true}\` | another range inside the bounds; \`step\` for multiples |
| \`"norm": {"choices": ["rank", "log"]}\` | a list of values |
| \`"lambda": {"low": 1e-5, "high": 1, "log": true, "when": {"compensation": ["least_squares"]}}\` | searched only while each parameter named in \`when\` has one of the values; else it is absent from the trial and neutral |
| \`"depth.tilt": {"when": {"allocation": ["global"]}}\` | its default range, conditional |

The last four also open a parameter that is not searched by default. \`when\` names parameters with choices that are not
conditional themselves: conditions do not nest. A parameter that is not searched has its neutral value, at which it
changes nothing against a plain baseline. Names and values are checked when a job is submitted.

Outside the space: \`search.metrics\` (what \`metric\` chooses among), \`target.round_to\` (MLP widths are its multiples) and
\`target.layout\` (\`uniform\`: the same widths in all layers, so only whole blocks can be dropped).

Ranges that depend on the model are those of ${DEEP} layers, 256 calibration samples in 8 clusters; the default metrics are shown.
"Searched" is for \`"compensation": "search"\`; otherwise \`compensation\` is fixed, and \`lambda\` is searched with \`least_squares\` only.

## Preset \`espalier\`

${table(spaces[0][1].concat(spaces[2][1]), (name) => searchedIn(name, spaces))}

## Preset \`adapruner\`

${table(adapruner, (name) => (isOpen(name, adapruner) ? "yes" : "no"))}
`;
}

function table(entries: readonly SpaceEntry[], searched: (family: string) => string): string {
  const rows = new Map<string, string>();
  for (const entry of entries) {
    const name = familyName(entry.parameter.name);
    if (rows.has(name)) continue;
    const about = descriptions[name] ?? "";
    rows.set(
      name,
      `| \`${name}\` | ${about} | ${range(entry)} | ${shown(entry.neutral)} | ${bounds(entry)} | ${searched(name)} |`,
    );
  }
  const head = "| parameter | what it does | default range | neutral | bounds | searched |\n|---|---|---|---|---|---|";
  return [head, ...rows.values()].join("\n");
}

const isOpen = (family: string, entries: readonly SpaceEntry[]): boolean =>
  entries.some(({ parameter, open }) => open && familyName(parameter.name) === family);

function searchedIn(family: string, spaces: readonly (readonly [string, readonly SpaceEntry[]])[]): string {
  const open = spaces.filter(([, entries]) => isOpen(family, entries)).map(([name]) => name);
  const answers: Readonly<Record<string, string>> = {
    "": "no",
    "deep shallow uniform": "yes",
    "deep shallow": "yes, in free layouts",
    deep: "in free layouts of more than 16 layers",
    uniform: "in uniform layouts",
  };
  return answers[open.join(" ")] ?? open.join(", ");
}

function range({ parameter }: SpaceEntry): string {
  if (parameter.type === "categorical") return parameter.choices.map(shown).join(", ");
  return `${parameter.low} to ${parameter.high}${parameter.type === "int" ? ", whole" : ""}${parameter.log ? ", log" : ""}`;
}

function bounds(entry: SpaceEntry): string {
  const { parameter, bounds: found } = entry;
  if (found !== undefined) return `${shown(found.low)} to ${shown(found.high)}`;
  return parameter.name === "compensation" ? allowedChoices(entry).map(shown).join(", ") : "the choices";
}

function shown(value: unknown): string {
  if (typeof value === "string") return `\`${value}\``;
  return typeof value === "number" && value >= 1e5 ? value.toExponential().replace("+", "") : String(value);
}
