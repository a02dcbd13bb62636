import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { dashboardFolder } from "../location.js";

interface Chunk {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
}

const KIBIBYTE = 1024;
const MOST_KIBIBYTES = 200;

const read = (path: string): string => readFileSync(fileURLToPath(new URL(path, dashboardFolder)), "utf8");
const built = () => JSON.parse(read(".vite/manifest.json")) as Readonly<Record<string, Chunk>>;

/** Files that the browser loads before anything is shown: the entry and all that it imports at once. */
function firstFiles(chunks: Readonly<Record<string, Chunk>>): ReadonlySet<string> {
  const files = new Set<string>();
  const add = ({ file, imports = [] }: Chunk) => {
    if (files.has(file)) return;
    files.add(file);
    for (const name of imports) add(chunks[name]);
  };
  for (const chunk of Object.values(chunks)) if (chunk.isEntry === true) add(chunk);
  return files;
}

const gzipped = (files: Iterable<string>): number =>
  [...files].reduce((sum, file) => sum + gzipSync(read(file), { level: 9 }).length, 0) / KIBIBYTE;

describe("the built page (npm run build makes it)", () => {
  it(`loads at most ${MOST_KIBIBYTES} KiB of JavaScript, compressed, before anything is shown`, () => {
    expect(gzipped(firstFiles(built()))).toBeLessThan(MOST_KIBIBYTES);
  });

  it("loads the charts when the first is shown, and the contracts' schema library never", () => {
    const scripts = readdirSync(fileURLToPath(new URL("assets", dashboardFolder))).filter((name) =>
      name.endsWith(".js"),
    );
    const withCharts = scripts.filter((name) => read(`assets/${name}`).includes("_echarts_instance_"));
    expect(withCharts).not.toEqual([]);
    const first = firstFiles(built());
    expect(withCharts.filter((name) => first.has(`assets/${name}`))).toEqual([]);
    expect(scripts.filter((name) => read(`assets/${name}`).includes("ZodError"))).toEqual([]);
  });

  it("has no inline script or style, and names no other host", () => {
    const html = read("index.html");
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=/i);
    expect([...html.matchAll(/<script(?<attributes>[^>]*)>(?<text>[^<]*)/g)].map(({ groups }) => groups)).toEqual([
      { attributes: expect.stringContaining('src="/assets/'), text: "" },
    ]);
    expect(html).not.toMatch(/(?:src|href)="(?:[a-z]+:)?\/\//i);
  });
});
