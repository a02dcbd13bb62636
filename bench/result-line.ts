import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, cpus } from "node:os";

const require = createRequire(import.meta.url);

/** Version of an installed package; its package.json may not be exported, so the file is read beside its entry. */
function versionOf(name: string): string {
  const entry = require.resolve(name);
  const folder = entry.slice(0, entry.lastIndexOf(`node_modules/${name}/`) + `node_modules/${name}/`.length);
  return (JSON.parse(readFileSync(`${folder}package.json`, "utf8")) as { version: string }).version;
}

/** Where a figure was taken: a figure without it cannot be compared with another. */
const place = {
  cpu: cpus()[0]?.model ?? "unknown",
  cores: availableParallelism(),
  node: process.versions.node,
  onnxruntime: versionOf("onnxruntime-node"),
  espalier: (JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string })
    .version,
};

/** One JSON line: the figure, numbers to six digits, and the machine and versions that it was taken with. */
export function resultLine(line: Readonly<Record<string, unknown>>): string {
  const digits = (_: string, value: unknown): unknown =>
    typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;
  return JSON.stringify({ ...line, place }, digits);
}

/** Prints a figure's line. */
export const printResult = (line: Readonly<Record<string, unknown>>): void => console.log(resultLine(line));
