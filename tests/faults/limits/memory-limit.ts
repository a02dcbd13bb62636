import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { BuiltProcess } from "../harness/built-process.js";

const MIB = 1024 ** 2;
const PAUSE_MS = 50;
const PATIENCE_MS = 30_000;

/** A bound on what a process and its children take from here on. */
export interface MemoryLimit {
  /** What happens at the bound. */
  readonly ends: "the system kills" | "allocations fail";
  /** Why this machine cannot do it; undefined where it can. */
  readonly missing: string | undefined;
  /** Bounds a worker and the compute children that it starts later; returns how to take the bound away once it has ended. */
  bound(worker: BuiltProcess, limits: { readonly held: number; readonly address: number }): () => Promise<void>;
}

const V1 = "/sys/fs/cgroup/memory";
const V2 = "/sys/fs/cgroup";

/** Where groups that bound memory can be made, by the version of the interface. */
function groupFolder(): { readonly path: string; readonly file: string } | undefined {
  const places = [
    { path: V1, file: "memory.limit_in_bytes" },
    { path: V2, file: "memory.max" },
  ];
  return places.find(({ path, file }) => {
    const group = join(path, `espalier-probe-${process.pid}`);
    try {
      mkdirSync(group);
      const has = existsSync(join(group, file));
      rmdirSync(group);
      return has;
    } catch {
      return false;
    }
  });
}

/** A real kill for want of memory: a control group whose processes may hold `held` MiB. */
export function killingLimit(): MemoryLimit {
  const folder = groupFolder();
  return {
    ends: "the system kills",
    missing: folder === undefined ? "no control group for memory can be made here" : undefined,
    bound: ({ pid }, { held }) => {
      const group = join(folder?.path ?? "", `espalier-faults-${pid}`);
      mkdirSync(group);
      writeFileSync(join(group, folder?.file ?? ""), String(held * MIB));
      writeFileSync(join(group, "cgroup.procs"), String(pid));
      return () => removeGroup(group);
    },
  };
}

/** Children of a worker that was killed end a moment after it. */
async function removeGroup(group: string): Promise<void> {
  for (let waited = 0; existsSync(group); waited += PAUSE_MS) {
    try {
      rmdirSync(group);
    } catch (error) {
      if (waited > PATIENCE_MS) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

/**
 * Without rights: each compute child gets an address space of `address` MiB, in which allocations then fail. The worker does
 * not: WebAssembly reserves more.
 */
export function failingLimit(): MemoryLimit {
  return {
    ends: "allocations fail",
    missing: spawnSync("prlimit", ["--version"]).status === 0 ? undefined : "prlimit is not installed",
    bound: (worker, { address }) => {
      const bounded = new Set<number>();
      const watch = setInterval(() => {
        for (const pid of worker.children().filter((child) => !bounded.has(child))) {
          bounded.add(pid);
          spawnSync("prlimit", ["--pid", String(pid), `--as=${address * MIB}`]);
        }
      }, PAUSE_MS);
      return async () => clearInterval(watch);
    },
  };
}
