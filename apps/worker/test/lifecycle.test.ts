import { describe, expect, it } from "vitest";
import { computeSettings, readWorkerEnvironment } from "../src/configuration.js";
import { repeat } from "../src/repeat.js";
import { shutDown } from "../src/shut-down.js";

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe("shutting down", () => {
  it("ends everything in order, past a step that fails and one that hangs", async () => {
    const ended: string[] = [];
    const warned: unknown[] = [];
    await shutDown(
      [
        ["consumers", async () => ended.push("consumers")],
        ["queues", () => Promise.reject(new Error("gone"))],
        ["store", () => new Promise(() => undefined)],
        ["files", async () => ended.push("files")],
      ],
      20,
      { ...silent, warn: ({ step }) => warned.push(step) },
    );
    expect(ended).toEqual(["consumers", "files"]);
    expect(warned).toEqual(["queues", "store"]);
  });
});

describe("repeating work", () => {
  it("goes on after a failing round and stops after the round that runs", async () => {
    const errors: unknown[] = [];
    let rounds = 0;
    let enough: () => void = () => undefined;
    const third = new Promise<void>((resolve) => {
      enough = resolve;
    });
    const repeating = repeat(
      async () => {
        rounds += 1;
        if (rounds === 3) enough();
        if (rounds === 1) throw new Error("database away");
      },
      1,
      (error) => errors.push(error),
    );
    await third;
    await repeating.stop();
    const atStop = rounds;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(rounds).toBe(atStop);
    expect(errors).toHaveLength(1);
  });
});

describe("the worker's configuration", () => {
  const env = {
    ESPALIER_DATABASE_URL: "postgresql://localhost/espalier",
    ESPALIER_DATA_DIR: "/data",
    ESPALIER_MODEL_ROOTS: "/models",
    ESPALIER_CORPUS_ROOTS: "/corpora",
    ESPALIER_ENCRYPTION_KEY: Buffer.alloc(32).toString("base64"),
  };

  it("keeps statistics of all jobs together, and threads as given", () => {
    const settings = computeSettings(readWorkerEnvironment({ ...env, ESPALIER_THREADS: "3" }));
    expect(settings).toMatchObject({ statisticsDir: "/data/statistics", threads: 3, provider: "cpu" });
  });

  it("names an unknown variable and the closest known one", () => {
    expect(() => readWorkerEnvironment({ ...env, ESPALIER_THREAD: "3" })).toThrow(/ESPALIER_THREAD .*ESPALIER_THREADS/);
  });
});
