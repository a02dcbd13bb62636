import { setTimeout as sleep } from "node:timers/promises";
import type { BuiltProcess } from "../harness/built-process.js";
import type { Place } from "../harness/place.js";

const RETRY_MS = 1_000;

/** The parts of a running service that a soak ends and suspends; what ended is started again, as a supervisor does. */
export interface Parts {
  readonly place: Place;
  /** Workers that live now. */
  readonly workers: () => readonly BuiltProcess[];
  /** How often a process ended that nobody had killed or told to end, with its last words. */
  readonly unasked: readonly string[];
  /** Says that this process is ended by the soak. */
  ends(process: BuiltProcess): BuiltProcess;
  /** Starts nothing again from now on. */
  close(): void;
}

export async function startParts(place: Place, workerCount: number): Promise<Parts> {
  const unasked: string[] = [];
  const asked = new Set<BuiltProcess>();
  const workers: (BuiltProcess | undefined)[] = [];
  let isOpen = true;

  /** Starts a part and, when it ends, starts it again; a start that fails (its database is away) is tried again. */
  async function keep(
    start: () => Promise<BuiltProcess>,
    onStart: (process: BuiltProcess) => void,
    running?: BuiltProcess,
  ): Promise<void> {
    for (let process = running; isOpen; process = undefined) {
      process ??= await start().catch(() => undefined);
      if (process === undefined) {
        await sleep(RETRY_MS);
        continue;
      }
      onStart(process);
      await process.ended;
      if (isOpen && !asked.has(process)) unasked.push(`${process.app}: ${process.output().slice(-LAST_WORDS)}`);
    }
  }

  void keep(
    () => place.startApi(),
    () => undefined,
    place.api(),
  );
  await Promise.all(
    Array.from({ length: workerCount }, (_, slot) => {
      return new Promise<void>((ready) => {
        void keep(
          () => place.startWorker(),
          (worker) => {
            workers[slot] = worker;
            ready();
          },
        );
      });
    }),
  );
  return {
    place,
    workers: () => workers.filter((worker) => worker?.isAlive() === true) as readonly BuiltProcess[],
    unasked,
    ends: (process) => {
      asked.add(process);
      return process;
    },
    close: () => {
      isOpen = false;
    },
  };
}

const LAST_WORDS = 600;
