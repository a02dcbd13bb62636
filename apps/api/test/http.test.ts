import { AppError, createJobBody } from "@espalier/contracts";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRange } from "../src/http/byte-range.js";
import { namesEtag } from "../src/http/etag.js";
import { idempotencyClaim } from "../src/http/idempotency-key.js";
import { requestIdOf } from "../src/http/request-id.js";
import { smallJob } from "./support/service.js";

describe("parseRange", () => {
  it.each([
    ["bytes=0-9", { start: 0, end: 9 }],
    ["bytes=90-", { start: 90, end: 99 }],
    ["bytes=-5", { start: 95, end: 99 }],
    ["bytes=-500", { start: 0, end: 99 }],
    ["bytes=50-500", { start: 50, end: 99 }],
  ])("reads %s of 100 bytes", (header, range) => {
    expect(parseRange(header, 100)).toEqual(range);
  });

  it.each([undefined, "", "items=0-1", "bytes=9-1", "bytes=a-b", "bytes=0-1,5-6", "bytes=-"])(
    "sends everything for %s",
    (header) => {
      expect(parseRange(header, 100)).toBeUndefined();
    },
  );

  it.each(["bytes=100-", "bytes=1000-2000", "bytes=-0"])("refuses %s of 100 bytes", (header) => {
    expect(() => parseRange(header, 100)).toThrow(AppError);
  });

  it("never leaves the file", () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(300), fc.integer({ min: 1, max: 200 }), (first, last, size) => {
        let range: { start: number; end: number } | undefined;
        try {
          range = parseRange(`bytes=${first}-${last}`, size);
        } catch {
          expect(first).toBeGreaterThanOrEqual(size);
        }
        if (range === undefined) return;
        expect(range.start).toBeLessThanOrEqual(range.end);
        expect(range.end).toBeLessThan(size);
      }),
    );
  });
});

describe("entity tags", () => {
  it("are found in lists, weak or strong, and by the star", () => {
    expect(namesEtag('"b", W/"a"', '"a"')).toBe(true);
    expect(namesEtag("*", '"a"')).toBe(true);
    expect(namesEtag('"b"', '"a"')).toBe(false);
    expect(namesEtag(undefined, '"a"')).toBe(false);
  });
});

describe("idempotency keys", () => {
  const body = createJobBody.parse(smallJob);

  it("mean the same quoted and bare", () => {
    expect(idempotencyClaim('"k-1"', body)).toEqual(idempotencyClaim("k-1", body));
    expect(idempotencyClaim('"a\\"b"', body)?.key).toBe('a"b');
    expect(idempotencyClaim(undefined, body)).toBeUndefined();
  });

  it("do not depend on the order of the body's keys, and do on its values", () => {
    const turned = createJobBody.parse(Object.fromEntries(Object.entries(smallJob).reverse()));
    expect(idempotencyClaim("k", turned)).toEqual(idempotencyClaim("k", body));
    const other = createJobBody.parse({ ...smallJob, name: "other" });
    expect(idempotencyClaim("k", other)?.bodyHash).not.toBe(idempotencyClaim("k", body)?.bodyHash);
  });

  it.each(["", '""', "x".repeat(256), "tab\there", "ümlaut"])("refuse %j", (key) => {
    expect(() => idempotencyClaim(key, body)).toThrow(AppError);
  });

  it("may have 255 characters", () => {
    expect(idempotencyClaim("x".repeat(255), body)?.key).toHaveLength(255);
  });
});

describe("request ids", () => {
  it("are taken over when harmless, else made", () => {
    expect(requestIdOf({ headers: { "x-request-id": "abc-1" } })).toBe("abc-1");
    expect(requestIdOf({ headers: { "x-request-id": "a\nb" } })).toMatch(/^req_/);
    expect(requestIdOf({ headers: {} })).toMatch(/^req_/);
  });
});
