import { environmentNames } from "@espalier/contracts";
import { describe, expect, it } from "vitest";
import { childEnvironment } from "../src/compute/child-environment.js";

describe("the environment of a compute child", () => {
  it("has none of the worker's configuration", () => {
    const own = Object.fromEntries(environmentNames.map((name) => [name, "canary"]));
    expect(childEnvironment(own)).toEqual({});
  });

  it("has what the system and the runtime need, and no credentials of others", () => {
    const needed = { PATH: "/bin", HOME: "/root", LD_LIBRARY_PATH: "/usr/lib", CUDA_VISIBLE_DEVICES: "0", TZ: "UTC" };
    const secret = { PGPASSWORD: "x", AWS_SECRET_ACCESS_KEY: "x", NPM_TOKEN: "x", OTEL_EXPORTER_OTLP_HEADERS: "x" };
    expect(childEnvironment({ ...needed, ...secret })).toEqual(needed);
  });
});
