import { InvalidArgumentError } from "commander";
import { describe, expect, it } from "vitest";
import { CliError } from "../src/cli-error.js";
import { hubName } from "../src/hub/hub-name.js";
import { pruneModel } from "../src/prune/prune-model.js";

describe("a model of a hub on the command line", () => {
  it("is owner/name, with a revision or at main", () => {
    expect(hubName("org/name.v1")).toEqual({ hub: "org/name.v1", revision: "main" });
    expect(hubName("org/name@refs/pr/3")).toEqual({ hub: "org/name", revision: "refs/pr/3" });
  });

  it.each(["name", "org/", "a/b/c", "../etc", "org/na--me", "org/name@", "org/name@a..b", "org/n\u0000"])(
    "is not %j",
    (text) => expect(() => hubName(text)).toThrow(InvalidArgumentError),
  );

  it("is named in place of a folder, never beside one", () => {
    const hub = hubName("org/name");
    expect(pruneModel({ hub })).toEqual({ source: hub, roots: [] });
    expect(() => pruneModel({ hub, model: "." })).toThrow(CliError);
    expect(() => pruneModel({})).toThrow(CliError);
  });
});
