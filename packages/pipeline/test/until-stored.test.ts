import { AppError } from "@espalier/contracts";
import { describe, expect, it } from "vitest";
import { untilStored } from "../src/until-stored.js";

function worker() {
  const stop = new AbortController();
  const warned: string[] = [];
  const log = {
    info: () => undefined,
    warn: (_: object, text: string) => void warned.push(text),
    error: () => undefined,
  };
  return { stop, warned, deps: { worker: { shutdown: stop.signal }, log } };
}

/** Fails so often before it answers. */
function away(times: number) {
  let left = times;
  return async () => {
    if (left-- > 0) throw new AppError("SERVICE_UNAVAILABLE", "Postgres does not answer.");
    return "stored";
  };
}

describe("a write while the database is away", () => {
  it("is made again until it is back, and said once", async () => {
    const { warned, deps } = worker();
    expect(await untilStored(deps, away(3))).toBe("stored");
    expect(warned).toHaveLength(1);
  });

  it("is given up when the worker has to stop", async () => {
    const { stop, deps } = worker();
    const write = untilStored(deps, away(Number.POSITIVE_INFINITY));
    stop.abort();
    await expect(write).rejects.toMatchObject({ code: "SERVICE_UNAVAILABLE" });
  });

  it("is not made again after any other error", async () => {
    let tries = 0;
    const broken = async () => {
      tries++;
      throw new RangeError("a bug");
    };
    await expect(untilStored(worker().deps, broken)).rejects.toThrow("a bug");
    expect(tries).toBe(1);
  });
});
