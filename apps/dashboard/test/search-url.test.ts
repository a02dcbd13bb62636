import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { searchSearch } from "../src/pages/job/search/search-search.js";

describe("the URL of the search's views", () => {
  it("is read as it was written", () => {
    const search = {
      view: "slices",
      sparsity: 0.2,
      scale: "linear",
      from: 10,
      to: 20,
      axes: ["a", "b"],
      brush: { a: [0, 0.5], "@score": [3, 3.2] },
      quantile: 0.25,
      parameter: "width.mlp.0",
    };
    expect(searchSearch(search)).toEqual(search);
  });

  it("falls back to the defaults where a value makes no sense", () => {
    expect(
      searchSearch({
        view: "nothing",
        sparsity: 7,
        scale: "cubic",
        from: -1,
        to: 2.5,
        axes: [1],
        brush: { a: [2, 1], b: "x" },
        quantile: "0.1",
        parameter: 3,
      }),
    ).toEqual({});
    expect(searchSearch({ from: 20, to: 10 })).toEqual({});
  });

  it("never throws, and reads its own answer alike", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom("view", "from", "to", "axes", "brush", "quantile"), fc.anything()),
        (raw) => {
          const once = searchSearch(raw);
          expect(searchSearch({ ...once })).toEqual(once);
        },
      ),
    );
  });
});
