import { readdirSync, readFileSync } from "node:fs";

/** Linux counts processor time in hundredths of a second. */
const TICK_MS = 10;

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly processorMs: number;
}

function readProcess(pid: number): Process[] {
  try {
    // After the name in brackets: state, parent, …, then user and system time as the 12th and 13th.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return [{ pid, parent: Number(fields[1]), processorMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS }];
  } catch {
    return []; // it has ended
  }
}

/**
 * Milliseconds of processor time that the children of a process, and theirs, have used, or the process with them: here the
 * service and Postgres.
 * Other programs on the machine disturb it less than they disturb the time on the clock. Linux only.
 */
export function processorTimeBelow(root: number, own: "with its own" | "alone" = "alone"): number {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)));
  const below = new Set([root]);
  for (let size = 0; size !== below.size; ) {
    size = below.size;
    for (const { pid, parent } of all) if (below.has(parent)) below.add(pid);
  }
  return all.reduce(
    (sum, { pid, processorMs }) =>
      (pid !== root || own === "with its own") && below.has(pid) ? sum + processorMs : sum,
    0,
  );
}
