import { readFileSync } from "node:fs";
import { modelHash, openModel, readHashedWeights, readWeights } from "@espalier/model";

/** What one way of loading took. */
export interface LoadReport {
  readonly shards: number;
  readonly seconds: number;
  /** Highest resident memory of the process. */
  readonly peak_rss_bytes: number;
  /** Bytes that the process asked the system to read; null where the system does not count them. */
  readonly read_bytes: number | null;
}

/** `load-process DIR idle|once|twice`: opens a model, or loads it with its hash in one reading or in two. */
const [dir = "", mode = "idle"] = process.argv.slice(2);
const before = bytesRead();
const start = performance.now();
const folder = await openModel(dir);
if (mode === "once") await readHashedWeights(folder);
if (mode === "twice") {
  const weights = await readWeights(folder);
  await modelHash({ config: folder.config, tensors: weights.size > 0 ? folder.tensors : new Map() });
}
const after = bytesRead();
const report: LoadReport = {
  shards: folder.weightFiles.length,
  seconds: (performance.now() - start) / 1000,
  peak_rss_bytes: process.resourceUsage().maxRSS * 1024,
  read_bytes: before === null || after === null ? null : after - before,
};
process.stdout.write(JSON.stringify(report));

function bytesRead(): number | null {
  try {
    return Number(/^rchar: (\d+)/m.exec(readFileSync("/proc/self/io", "utf8"))?.[1]);
  } catch {
    return null;
  }
}
