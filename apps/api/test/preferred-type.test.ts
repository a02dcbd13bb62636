import { describe, expect, it } from "vitest";
import { preferredType } from "../src/http/preferred-type.js";

const offered = ["application/json", "application/x-ndjson", "text/csv"] as const;

describe("the preferred media type", () => {
  it.each([
    [undefined, "application/json"],
    ["", "application/json"],
    ["*/*", "application/json"],
    ["text/csv", "text/csv"],
    ["TEXT/CSV; header=present", "text/csv"],
    ["text/*", "text/csv"],
    ["text/csv, application/json", "text/csv"],
    ["application/json, text/csv", "application/json"],
    ["text/csv;q=0.5, application/x-ndjson;q=0.8, */*;q=0.1", "application/x-ndjson"],
    ["text/csv;q=0, */*", "application/json"],
    ["application/json;q=0, application/*", "application/x-ndjson"],
    ["text/html, application/xhtml+xml, */*;q=0.8", "application/json"],
    ["text/csv;q=high", "text/csv"],
    [", ,text/csv", "text/csv"],
  ])("of %j is %s", (header, type) => {
    expect(preferredType(header, offered)).toBe(type);
  });

  it.each(["image/png", "text/csv;q=0", "application/json;q=0, text/html", "nonsense"])("refuses %s", (header) => {
    expect(() => preferredType(header, offered)).toThrow(expect.objectContaining({ code: "NOT_ACCEPTABLE" }));
  });
});
