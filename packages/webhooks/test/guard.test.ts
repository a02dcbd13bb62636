import { AppError } from "@espalier/contracts";
import { describe, expect, it } from "vitest";
import { checkUrl, makeAddressPolicy, makeGuardedLookup } from "../src/index.js";

const refusedAddresses = [
  "0.0.0.0",
  "10.1.2.3",
  "100.64.0.1",
  "127.0.0.1",
  "127.255.255.254",
  "169.254.169.254",
  "172.16.0.1",
  "192.0.0.8",
  "192.0.2.1",
  "192.88.99.1",
  "192.168.1.1",
  "198.18.0.1",
  "198.51.100.1",
  "203.0.113.1",
  "224.0.0.1",
  "240.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::7f00:1",
  "::ffff:127.0.0.1",
  "::ffff:10.0.0.1",
  "::ffff:8.8.8.8",
  "::ffff:0:10.0.0.1",
  "64:ff9b::10.0.0.1",
  "64:ff9b:1::1",
  "100::1",
  "2001::1",
  "2001:db8::1",
  "2002:7f00:1::",
  "fc00::1",
  "fd12::1",
  "fe80::1",
  "fe80::1%eth0",
  "fec0::1",
  "ff02::1",
  "4000::1",
  "not an address",
];

const literalUrls = [
  "https://127.0.0.1/",
  "https://127.1/",
  "https://2130706433/",
  "https://0x7f000001/",
  "https://0x7f.1/",
  "https://0177.0.0.1/",
  "https://017700000001/",
  "https://127.0.0.1./",
  "https://１２７.0.0.1/",
  "https://[::1]/",
  "https://[::ffff:127.0.0.1]/",
  "https://[::ffff:7f00:1]/",
  "https://[0:0:0:0:0:0:0:1]/",
  "https://[64:ff9b::7f00:1]/",
  "https://[2002:7f00:1::]/",
  "https://[fe80::1]/",
  "https://[::]/",
  "https://0/",
  "https://169.254.169.254/latest/",
  "https://10.0.0.1:8443/x",
  "https://localhost/",
  "https://LOCALHOST./",
  "https://db.localhost/",
  "https://nas.local/",
];

const strict = { addresses: makeAddressPolicy(), allowHttp: false };

const reasonOf = (url: string, policy = strict): string => {
  try {
    checkUrl(url, policy, "/webhooks/0/url");
    return "allowed";
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    expect(error.code).toBe("WEBHOOK_URL_REFUSED");
    expect(error.errors[0]?.pointer).toBe("/webhooks/0/url");
    return error.errors[0]?.detail ?? "";
  }
};

describe("the address policy", () => {
  it.each(refusedAddresses)("refuses %s", (address) => {
    expect(makeAddressPolicy().allows(address)).toBe(false);
  });

  it.each(["8.8.8.8", "1.1.1.1", "172.32.0.1", "2606:4700::1111", "2a00:1450::1"])("allows public %s", (address) => {
    expect(makeAddressPolicy().allows(address)).toBe(true);
  });

  it("opens the configured ranges and nothing beside them", () => {
    const policy = makeAddressPolicy(["10.8.0.0/16", "fd00:1::/32"]);
    expect(policy.allows("10.8.3.4")).toBe(true);
    expect(policy.allows("::ffff:10.8.3.4")).toBe(true);
    expect(policy.allows("fd00:1::5")).toBe(true);
    expect(policy.allows("10.9.0.1")).toBe(false);
    expect(policy.allows("fd00:2::5")).toBe(false);
  });

  it("throws at a range that is not one", () => {
    expect(() => makeAddressPolicy(["10.0.0.0"])).toThrow();
  });
});

describe("the URL check", () => {
  it.each(literalUrls)("refuses %s without saying more than that it is not public", (url) => {
    expect(reasonOf(url)).toBe("it does not name a public address.");
  });

  it("refuses credentials, other schemes and what is no URL", () => {
    expect(reasonOf("https://user:pw@example.com/")).toContain("user name");
    expect(reasonOf("http://example.com/")).toContain("https://");
    expect(reasonOf("ftp://example.com/")).toContain("https://");
    expect(reasonOf("example.com")).toContain("not a URL");
  });

  it("accepts names and public literals", () => {
    expect(reasonOf("https://example.com/hook?x=1")).toBe("allowed");
    expect(reasonOf("https://8.8.8.8/hook")).toBe("allowed");
  });

  it("accepts http and loopback where the configuration opens them", () => {
    const open = { addresses: makeAddressPolicy(["127.0.0.0/8"]), allowHttp: true };
    expect(reasonOf("http://127.0.0.1:9000/", open)).toBe("allowed");
    expect(reasonOf("http://localhost:9000/", open)).toBe("allowed");
  });
});

describe("the guarded lookup", () => {
  const lookupOf = (addresses: readonly string[], allowed: readonly string[] = []) => {
    const answer = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
    const resolve = ((_name: string, _options: object, callback: (e: null, a: typeof answer) => void) =>
      callback(null, answer)) as unknown as Parameters<typeof makeGuardedLookup>[1];
    return (all: boolean) =>
      new Promise((done, fail) => {
        makeGuardedLookup(makeAddressPolicy(allowed), resolve)("name.test", { all }, (error, result) =>
          error ? fail(error) : done(result),
        );
      });
  };

  it("hands on public addresses in the form that the socket asked for", async () => {
    expect(await lookupOf(["8.8.8.8", "1.1.1.1"])(false)).toBe("8.8.8.8");
    expect(await lookupOf(["8.8.8.8"])(true)).toEqual([{ address: "8.8.8.8", family: 4 }]);
  });

  it("refuses the name when any one address is not allowed", async () => {
    await expect(lookupOf(["8.8.8.8", "127.0.0.1"])(true)).rejects.toThrow(/public address/);
    await expect(lookupOf(["64:ff9b::7f00:1"])(false)).rejects.toThrow(/public address/);
    await expect(lookupOf([])(true)).rejects.toThrow(/public address/);
  });
});
