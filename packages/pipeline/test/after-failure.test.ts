import { AppError } from "@espalier/contracts";
import { describe, expect, it } from "vitest";
import { afterFailure } from "../src/after-failure.js";
import { classify } from "../src/failure.js";

const after = (failures: number, halfBatch: boolean, error: unknown) =>
  afterFailure({ failures, job: { halfBatch } }, classify(error));

const memory = new AppError("COMPUTE_OUT_OF_MEMORY", "none left");
const lost = new AppError("COMPUTE_LOST", "gone");

describe("after a failure", () => {
  it("work that ran out of memory is tried once more, then it is over", () => {
    expect(after(0, false, memory)).toEqual({ kind: "give back", reason: "out_of_memory" });
    expect(after(1, true, memory)).toEqual({ kind: "end" });
  });

  it("the next work of a job at half batch gets its second try too", () => {
    expect(after(0, true, memory)).toEqual({ kind: "give back", reason: "out_of_memory" });
  });

  it("a full disk pauses, however often work failed before", () => {
    for (const failures of [0, 2, 9]) {
      expect(after(failures, false, new AppError("STORAGE_FULL", "full"))).toEqual({ kind: "pause" });
    }
  });

  it("a service that is away counts for nothing, however often", () => {
    const away = new AppError("SERVICE_UNAVAILABLE", "away");
    expect(after(9, false, away)).toEqual({ kind: "give back", reason: "stopped" });
  });

  it("what may pass is tried three times, what cannot is over", () => {
    expect([0, 1, 2].map((failures) => after(failures, false, lost).kind)).toEqual(["give back", "give back", "end"]);
    expect(after(0, false, new AppError("MODEL_FILE_MALFORMED", "no"))).toEqual({ kind: "end" });
    expect(after(0, false, new Error("a bug"))).toEqual({ kind: "end" });
  });
});
