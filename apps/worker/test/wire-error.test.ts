import { AppError } from "@espalier/contracts";
import { describe, expect, it } from "vitest";
import { exitError } from "../src/compute/exit-error.js";
import { fromWire, toWire } from "../src/compute/wire-error.js";

describe("an error that leaves a child", () => {
  it("keeps code, message and pointers when it was written for clients", () => {
    const error = new AppError("VALIDATION_FAILED", "no", { errors: [{ detail: "no", pointer: "/model/path" }] });
    expect(fromWire(toWire(error))).toMatchObject({ code: error.code, message: "no", errors: error.errors });
  });

  it("tells nothing internal otherwise", () => {
    expect(toWire(new TypeError("secret of /root/x"))).toMatchObject({ code: "INTERNAL" });
    expect(toWire(new TypeError("secret of /root/x")).message).not.toContain("secret");
  });

  it("is classified where the machine is at its end, and may be tried again", () => {
    const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    expect(fromWire(toWire(full))).toMatchObject({ code: "STORAGE_FULL", retryable: true });
    const memory = new RangeError("Array buffer allocation failed");
    expect(fromWire(toWire(memory))).toMatchObject({ code: "COMPUTE_OUT_OF_MEMORY", retryable: true });
  });
});

describe("the end of a child", () => {
  it("is want of memory when the system killed for memory meanwhile, else a loss", () => {
    const killed = { code: null, signal: "SIGKILL" as const, stderrTail: "" };
    expect(exitError({ ...killed, memoryKill: true }).code).toBe("COMPUTE_OUT_OF_MEMORY");
    expect(exitError({ ...killed, memoryKill: false }).code).toBe("COMPUTE_LOST");
    expect(exitError({ code: 1, signal: null, stderrTail: "", memoryKill: true }).code).toBe("COMPUTE_LOST");
  });
});
