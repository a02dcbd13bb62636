import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jobsSearch } from "../src/pages/jobs/jobs-search.js";

describe("what the list of jobs is asked in its URL", () => {
  it("is read, and what does not fit is left out", () => {
    expect(jobsSearch({ state: "failed", label: "a:b", model: 7, sort: "created_at", cursor: "x" })).toEqual({
      state: "failed",
      label: "a:b",
      model: "7",
      sort: "created_at",
      cursor: "x",
    });
    expect(jobsSearch({ state: "gone", label: "a", model: "", sort: 3, cursor: {} })).toEqual({});
  });

  it("is read the same from what it was read as", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom("state", "label", "model", "sort", "cursor"), fc.anything()),
        (search) => {
          const read = jobsSearch(search);
          expect(jobsSearch({ ...read })).toEqual(read);
        },
      ),
    );
  });
});
