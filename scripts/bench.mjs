// npm run bench -- search/ask : runs bench/search/ask.ts, which prints one JSON line per figure.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const bench = fileURLToPath(new URL("../bench", import.meta.url));
const [name, ...flags] = process.argv.slice(2);
const file = `${bench}/${name}.ts`;
if (name === undefined || !existsSync(file)) {
  const names = readdirSync(bench, { recursive: true }).filter((path) => path.endsWith(".ts"));
  process.stderr.write(`Name one bench: ${names.map((path) => path.slice(0, -3)).join(", ")}\n`);
  process.exit(2);
}
const { status } = spawnSync(process.execPath, ["--import", "tsx", file, ...flags], { stdio: "inherit" });
process.exit(status ?? 1);
