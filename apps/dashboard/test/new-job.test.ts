import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { ProblemError } from "@espalier/client";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bodyOfJob } from "../src/pages/new-job/body-of-job.js";
import { bodySchema, schemaAt } from "../src/pages/new-job/body-schema.js";
import { curlOf } from "../src/pages/new-job/curl.js";
import { allFields } from "../src/pages/new-job/fields.js";
import { isBlocked, valueAt, withValue } from "../src/pages/new-job/json-pointer.js";
import { labelsOf, labelsText } from "../src/pages/new-job/labels.js";
import { percentsOf, sharesOf } from "../src/pages/new-job/percents.js";
import { problemsOf } from "../src/pages/new-job/problems.js";

describe("a place in a body", () => {
  const pointer = fc
    .array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 4 })
    .map((keys) => keys.map((key) => `/${key}`).join(""));

  it("holds what was put there, and leaves nothing behind when it is taken away", () => {
    fc.assert(
      fc.property(pointer, fc.oneof(fc.integer(), fc.string()), (at, value) => {
        const filled = withValue({}, at, value);
        expect(valueAt(filled, at)).toBe(value);
        expect(withValue(filled, at, undefined)).toEqual({});
      }),
    );
  });

  it("leaves its neighbours as they are", () => {
    const body = { search: { trials: 3 }, scoring: [{ corpus: "x" }] };
    expect(withValue(body, "/search/seed", 1)).toEqual({ ...body, search: { trials: 3, seed: 1 } });
    expect(isBlocked(body, "/scoring/corpus")).toBe(true);
    expect(isBlocked(body, "/search/trials")).toBe(false);
    expect(isBlocked(body, "/report/corpus")).toBe(false);
  });
});

describe("shares in percent", () => {
  it("are read and written the same", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9500 }), { minLength: 1, maxLength: 5 }), (hundredths) => {
        const shares = hundredths.map((one) => one / 10_000);
        const value = shares.length === 1 ? shares[0] : shares;
        expect(sharesOf(percentsOf(value))).toEqual(value);
      }),
    );
  });

  it("are nothing when nothing is written, and the text where there is no number", () => {
    expect(sharesOf(" ")).toBeUndefined();
    expect(sharesOf("20 %, 35")).toEqual([0.2, 0.35]);
    expect(sharesOf("half")).toBe("half");
  });
});

describe("labels", () => {
  it("are read and written the same", () => {
    const word = fc.stringMatching(/^[a-z0-9-]{1,8}$/);
    fc.assert(
      fc.property(fc.dictionary(word, word, { minKeys: 1, noNullPrototype: true }), (labels) => {
        expect(labelsOf(labelsText(labels))).toEqual(labels);
      }),
    );
    expect(labelsOf(" , ")).toBeUndefined();
  });
});

describe("the curl command", () => {
  it("passes the body through a shell as it is, quotes and all", () => {
    const body = JSON.stringify({ name: 'it\'s "five" $HOME `x` \\' });
    const printed = curlOf("http://127.0.0.1:1", body, false).replace("curl -s", "printf '%s\\n'");
    const words = execFileSync("sh", ["-c", printed], { encoding: "utf8" }).split("\n");
    expect(words.at(-2)).toBe(body);
    expect(curlOf("http://127.0.0.1:1", body, true)).toContain('"authorization: Bearer $ESPALIER_API_KEY"');
  });
});

describe("what the service finds wrong", () => {
  const error = (errors: { pointer: string; detail: string }[]) =>
    new ProblemError(422, {
      type: "",
      title: "T",
      status: 422,
      detail: "D",
      instance: "",
      code: "VALIDATION_FAILED",
      request_id: "",
      errors,
    });

  it("stands at the field that holds it, or apart", () => {
    const { byField, others } = problemsOf(
      error([
        { pointer: "/target/sparsity/1", detail: "Too big" },
        { pointer: "/webhooks/0/url", detail: "No URL" },
      ]),
      allFields,
    );
    expect(Object.fromEntries(byField)).toEqual({ "/target/sparsity": "Too big" });
    expect(others).toEqual(["/webhooks/0/url: No URL"]);
    expect(problemsOf(error([]), allFields).others).toEqual(["T. D"]);
    expect(problemsOf(null, allFields).others).toEqual([]);
  });
});

describe("the form", () => {
  const schema = bodySchema(JSON.parse(readFileSync(new URL("../../../docs/openapi.json", import.meta.url), "utf8")));

  it("has a place in the contract for every field, with its meaning", () => {
    for (const { pointer, label } of allFields) {
      const found = schemaAt(schema, pointer);
      expect(Object.keys(found), `${label} at ${pointer}`).not.toEqual([]);
    }
  });

  it("offers the choices of all variants", () => {
    expect(schemaAt(schema, "/recovery/method").enum).toEqual(["none", "least_squares", "lora"]);
    expect(schemaAt(schema, "/search/preset").enum).toContain("adapruner");
    expect(schemaAt(schema, "/budget/max_duration_seconds").type).toBe("number");
    expect(schemaAt(schema, "/scoring/windows").type).toBe("integer");
  });
});

describe("a copy of a job", () => {
  it("is its body, without what the service found out", () => {
    const spec = {
      name: null,
      model: { path: "m" },
      calibration: { corpus: "c", windows: 128, skip_windows: 0 },
      target: { sparsity: [0.2] },
      evaluation: { tasks: [] },
      dense_widths: {},
      labels: { a: "b" },
      contamination: [],
    };
    expect(bodyOfJob({ spec, labels: { a: "b" } })).toEqual({
      model: { path: "m" },
      calibration: { corpus: "c", samples: 128, skip_windows: 0 },
      target: { sparsity: [0.2] },
      labels: { a: "b" },
    });
  });
});
