import { readFileSync } from "node:fs";

/** Where Linux counts processes that it killed for want of memory: this container's group, then the whole machine. */
const COUNTERS = ["/sys/fs/cgroup/memory.events", "/proc/vmstat"];

/** Processes killed for want of memory so far; undefined where the system does not say (not Linux). */
export function countOomKills(): number | undefined {
  for (const path of COUNTERS) {
    try {
      const count = /^oom_kill (\d+)$/m.exec(readFileSync(path, "utf8"))?.[1];
      if (count !== undefined) return Number(count);
    } catch {
      // Absent on this system: the next source may be there.
    }
  }
  return undefined;
}
