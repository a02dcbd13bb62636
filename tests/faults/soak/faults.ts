import { setTimeout as sleep } from "node:timers/promises";
import type { BuiltProcess } from "../harness/built-process.js";
import type { Parts } from "./parts.js";

/** A number from 0 up to 1. */
export type Random = () => number;

type Fault = (parts: Parts, random: Random) => Promise<unknown>;

const SECOND = 1_000;

const pick = <T>(from: readonly T[], random: Random): T | undefined => from[Math.floor(random() * from.length)];

/** Suspends for a while, at the longest more than twice a lease. */
async function suspend(process: BuiltProcess | undefined, seconds: number): Promise<void> {
  process?.signal("SIGSTOP");
  await sleep(seconds * SECOND);
  process?.signal("SIGCONT");
}

function signal(pid: number | undefined, name: "SIGKILL" | "SIGSTOP" | "SIGCONT"): void {
  if (pid === undefined) return;
  try {
    process.kill(pid, name);
  } catch {
    // It has ended.
  }
}

async function end(parts: Parts, process: BuiltProcess | undefined): Promise<void> {
  if (process !== undefined) await parts.ends(process).kill();
}

/** What may happen to a service. Each leaves it as it was: what was suspended goes on, what was killed is started again. */
export const faults: Readonly<Record<string, Fault>> = {
  "worker killed": (parts, random) => end(parts, pick(parts.workers(), random)),
  "worker suspended": (parts, random) => suspend(pick(parts.workers(), random), 1 + 11 * random()),
  "worker told to stop": async (parts, random) => {
    const worker = pick(parts.workers(), random);
    if (worker === undefined) return;
    parts.ends(worker).signal("SIGTERM");
    await worker.ended;
  },
  "compute child killed": async (parts, random) =>
    signal(pick(pick(parts.workers(), random)?.children() ?? [], random), "SIGKILL"),
  "compute child suspended": async (parts, random) => {
    const child = pick(pick(parts.workers(), random)?.children() ?? [], random);
    signal(child, "SIGSTOP");
    await sleep((1 + 7 * random()) * SECOND);
    signal(child, "SIGCONT");
  },
  "API killed": (parts) => end(parts, parts.place.api()),
  "API suspended": (parts, random) => suspend(parts.place.api(), 1 + 4 * random()),
  "Postgres killed": async ({ place }, random) => {
    await place.postgres?.kill();
    await sleep(2 * random() * SECOND);
    await place.postgres?.start();
  },
};

/** Where messages travel through Redis. */
export const redisFaults: Readonly<Record<string, Fault>> = {
  "Redis killed": async ({ place }, random) => {
    await place.redis?.kill();
    await sleep(4 * random() * SECOND);
    await place.redis?.start();
  },
  "Redis emptied": async ({ place }) => place.redis?.flush(),
  "Redis suspended": async ({ place }, random) => {
    place.redis?.signal("SIGSTOP");
    await sleep((1 + 4 * random()) * SECOND);
    place.redis?.signal("SIGCONT");
  },
};
