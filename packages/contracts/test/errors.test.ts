import { describe, expect, it } from "vitest";
import { AppError, type ErrorCode, errorCatalogue, errorsDocument, newJobId, webhookSecret } from "../src/index.js";

const codes = Object.keys(errorCatalogue) as ErrorCode[];

describe("errors", () => {
  it("have a status, a title and a line in the document", () => {
    const document = errorsDocument();
    for (const code of codes) {
      const error = new AppError(code, "why");
      expect(error.status).toBeGreaterThanOrEqual(400);
      expect(error.status).toBeLessThan(600);
      expect(errorCatalogue[code].title).not.toBe("");
      expect(document).toContain(`| \`${code}\` | ${error.status} |`);
    }
  });

  it("carry problems and causes", () => {
    const cause = new Error("inner");
    const errors = [{ detail: "bad", pointer: "/a" }];
    const error = new AppError("VALIDATION_FAILED", "outer", { errors, cause });
    expect(error).toMatchObject({ message: "outer", errors, cause, retryable: false });
  });
});

describe("ids and secrets", () => {
  it("sort by the time they were made", () => {
    const ids = Array.from({ length: 50 }, newJobId);
    expect([...ids].sort()).toEqual(ids);
  });

  it("refuse secrets that are no base64 of 24 to 64 bytes", () => {
    const of = (bytes: number): string => `whsec_${Buffer.alloc(bytes, 1).toString("base64")}`;
    expect(webhookSecret.safeParse(of(24)).success).toBe(true);
    expect(webhookSecret.safeParse(of(64)).success).toBe(true);
    expect(webhookSecret.safeParse(of(10)).success).toBe(false);
    expect(webhookSecret.safeParse("secret").success).toBe(false);
  });
});
