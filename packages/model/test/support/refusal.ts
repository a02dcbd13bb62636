import { AppError } from "@espalier/contracts";
import { expect } from "vitest";

/** The `AppError` that some work ends in; fails the test when there is none. */
export async function refusal(work: Promise<unknown> | (() => unknown)): Promise<AppError> {
  try {
    await (typeof work === "function" ? work() : work);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  return expect.unreachable("nothing was refused");
}
