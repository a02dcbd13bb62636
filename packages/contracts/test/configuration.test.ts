import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import {
  apiEnvironment,
  ConfigurationError,
  clientEnvironment,
  closestName,
  environmentNames,
  objectStoreSettings,
  readEnvironment,
  workerEnvironment,
} from "../src/index.js";

const complete = {
  ESPALIER_DATABASE_URL: "postgresql://espalier@127.0.0.1/espalier",
  ESPALIER_DATA_DIR: "data",
  ESPALIER_MODEL_ROOTS: "a:b",
  ESPALIER_CORPUS_ROOTS: "c",
  ESPALIER_ENCRYPTION_KEY: Buffer.alloc(32, 5).toString("base64"),
};

const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    readEnvironment(apiEnvironment, env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.problems;
  }
};

describe("readEnvironment", () => {
  it.skipIf(process.platform === "win32")("reads lists, numbers, flags and keys as what they are", () => {
    const read = readEnvironment(apiEnvironment, {
      ...complete,
      ESPALIER_PORT: "9000",
      ESPALIER_WEBHOOK_ALLOW_HTTP: "true",
      ESPALIER_WEBHOOK_ALLOWED_CIDRS: "10.0.0.0/8, fd00::/8",
      OTHER: "ignored",
    });
    expect(read.ESPALIER_MODEL_ROOTS).toEqual(["a", "b"]);
    expect(read.ESPALIER_PORT).toBe(9000);
    expect(read.ESPALIER_WEBHOOK_ALLOW_HTTP).toBe(true);
    expect(read.ESPALIER_WEBHOOK_ALLOWED_CIDRS).toEqual(["10.0.0.0/8", "fd00::/8"]);
    expect(read.ESPALIER_ENCRYPTION_KEY).toEqual(new Uint8Array(32).fill(5));
  });

  it("takes an empty value as unset", () => {
    const env = { ...complete, ESPALIER_PORT: "", ESPALIER_REDIS_URL: "" };
    expect(readEnvironment(apiEnvironment, env)).toMatchObject({ ESPALIER_PORT: 8080, ESPALIER_REDIS_URL: undefined });
  });

  it("names the closest known variable for an unknown one, whoever would read it", () => {
    expect(problemsOf({ ...complete, ESPALIER_MODEL_ROOT: "a" })).toEqual([
      "ESPALIER_MODEL_ROOT is not known. Closest known variable: ESPALIER_MODEL_ROOTS.",
    ]);
    expect(problemsOf({ ...complete, ESPALIER_THREADS: "2" })).toEqual([]);
  });

  it("lists every problem at once", () => {
    const { ESPALIER_DATA_DIR: _, ...rest } = complete;
    const problems = problemsOf({
      ...rest,
      ESPALIER_PORT: "99999",
      ESPALIER_REDIS_URL: "http://x",
      ESPALIER_ENCRYPTION_KEY: "c2hvcnQ=",
      ESPALIER_WEBHOOK_ALLOWED_CIDRS: "10.0.0.0",
    });
    expect(problems.map((problem) => problem.split(" ")[0]).sort()).toEqual([
      "ESPALIER_DATA_DIR",
      "ESPALIER_ENCRYPTION_KEY",
      "ESPALIER_PORT",
      "ESPALIER_REDIS_URL",
      "ESPALIER_WEBHOOK_ALLOWED_CIDRS",
    ]);
    expect(problems.join()).not.toContain("c2hvcnQ=");
  });

  it("reads previous encryption keys, and says nothing of what does not fit", () => {
    const keys = [1, 2].map((byte) => Buffer.alloc(32, byte).toString("base64"));
    const given = (text: string) => ({ ...complete, ESPALIER_ENCRYPTION_KEY_PREVIOUS: text });
    expect(readEnvironment(apiEnvironment, given(keys.join(", "))).ESPALIER_ENCRYPTION_KEY_PREVIOUS).toEqual(
      [1, 2].map((byte) => new Uint8Array(32).fill(byte)),
    );
    expect(readEnvironment(workerEnvironment, complete).ESPALIER_ENCRYPTION_KEY_PREVIOUS).toEqual([]);
    expect(problemsOf(given(`${keys[0]},c2hvcnQ=`))).toEqual([
      "ESPALIER_ENCRYPTION_KEY_PREVIOUS holds 5 bytes, 32 are needed.",
    ]);
  });

  it("reads which proxies are trusted, and trusts nobody else", () => {
    const read = (text: string) =>
      readEnvironment(apiEnvironment, { ...complete, ESPALIER_TRUST_PROXY: text }).ESPALIER_TRUST_PROXY;
    expect(read("")).toEqual([]);
    expect(read("10.0.0.0/8, fd00::/8")).toEqual(["10.0.0.0/8", "fd00::/8"]);
    for (const text of ["1", "true", "10.0.0.1"]) expect(() => read(text)).toThrow(/is not a list of CIDR ranges/);
    for (const text of ["0.0.0.0/0", "10.0.0.0/8,::/0"]) expect(() => read(text)).toThrow(/names every address/);
  });

  it("reads a schedule of attempts, and refuses what is none", () => {
    const given = (text: string) => ({ ...complete, ESPALIER_WEBHOOK_RETRY_SECONDS: text });
    const read = readEnvironment(workerEnvironment, given("1, 2.5,600"));
    expect(read.ESPALIER_WEBHOOK_RETRY_SECONDS).toEqual([1, 2.5, 600]);
    for (const text of ["soon", "5,,300", "-1", "604801", "5;300"]) {
      expect(() => readEnvironment(workerEnvironment, given(text))).toThrow(/ESPALIER_WEBHOOK_RETRY_SECONDS is not a/);
    }
  });

  it("has each variable in .env.example, and no other there", async () => {
    const example = await readFile(new URL("../../../.env.example", import.meta.url), "utf8");
    const listed = [...example.matchAll(/^(ESPALIER_\w+)=/gm)].map(([, name]) => name);
    expect(listed.sort()).toEqual([...environmentNames].sort());
    expect(new Set([...apiEnvironment, ...workerEnvironment, ...clientEnvironment])).toEqual(new Set(environmentNames));
  });
});

describe("closestName", () => {
  it("needs the fewest edits", () => {
    expect(closestName("taylor_secnd", ["taylor_first", "taylor_second"])).toBe("taylor_second");
    expect(closestName("x", [])).toBeUndefined();
  });
});

describe("the settings of an object store", () => {
  const settings = (env: Record<string, string>) =>
    objectStoreSettings(readEnvironment(workerEnvironment, { ...complete, ...env }));

  it("are none without a bucket, and a mistake where only the bucket is missing", () => {
    expect(settings({})).toBeUndefined();
    expect(() => settings({ ESPALIER_S3_REGION: "eu-central-1", ESPALIER_S3_PREFIX: "a" })).toThrow(
      "ESPALIER_S3_REGION, ESPALIER_S3_PREFIX is set and ESPALIER_S3_BUCKET is not",
    );
  });

  it("are AWS's with the bucket alone, and the bucket stands in the path of another store", () => {
    const bucket = { ESPALIER_S3_BUCKET: "models" };
    expect(settings(bucket)).toEqual({
      bucket: "models",
      endpoint: undefined,
      region: "us-east-1",
      prefix: "",
      forcePathStyle: false,
    });
    const own = { ...bucket, ESPALIER_S3_ENDPOINT: "http://store:9000", ESPALIER_S3_PREFIX: "/team/espalier/" };
    expect(settings(own)).toMatchObject({ prefix: "team/espalier/", forcePathStyle: true });
    expect(settings({ ...own, ESPALIER_S3_FORCE_PATH_STYLE: "false" })).toMatchObject({ forcePathStyle: false });
  });

  it.each([
    ["ESPALIER_S3_BUCKET", "Not_A_Bucket"],
    ["ESPALIER_S3_ENDPOINT", "ftp://store"],
    ["ESPALIER_S3_ENDPOINT", "http://name:password@store"],
    ["ESPALIER_S3_PREFIX", "../other"],
    ["ESPALIER_S3_REGION", "eu central"],
  ])("name what is wrong with %s", (name, value) => {
    const problems = problemsOf({ ...complete, [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name} (is not|holds)`));
    expect(problems[0]).not.toContain(value);
  });
});
