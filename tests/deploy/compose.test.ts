import { readFileSync } from "node:fs";
import { environmentNames } from "@espalier/contracts";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { repository } from "../e2e/repository.js";

interface Service {
  readonly image: string;
  readonly read_only?: boolean;
  readonly tmpfs?: readonly string[];
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: object;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const text = readFileSync(repository("docker-compose.yml"), "utf8");
const { services, volumes } = parse(text, { merge: true }) as Compose;
const ours = ["migrate", "api", "worker"] as const;

describe("docker-compose.yml", () => {
  it("waits for services that exist, in the state that they can reach", () => {
    for (const [name, { depends_on = {} }] of Object.entries(services)) {
      for (const [other, { condition }] of Object.entries(depends_on)) {
        expect(services, `${name} waits for ${other}`).toHaveProperty(other);
        if (condition === "service_healthy") expect(services[other]?.healthcheck).toBeDefined();
        else expect(condition).toBe("service_completed_successfully");
      }
    }
  });

  it("names volumes that it declares", () => {
    const used = Object.values(services).flatMap(({ volumes: mounts = [] }) =>
      mounts.map((mount) => mount.split(":")[0]),
    );
    const named = used.filter((source) => /^[a-z]+$/.test(source ?? ""));
    expect([...new Set(named)].sort()).toEqual(Object.keys(volumes).sort());
  });

  it("gives variables that Espalier knows, and asks for every secret", () => {
    const given = ours.flatMap((name) => Object.keys(services[name]?.environment ?? {}));
    expect(environmentNames).toEqual(expect.arrayContaining(given.filter((name) => name.startsWith("ESPALIER_"))));
    const example = readFileSync(repository(".env.example"), "utf8");
    for (const [, name = ""] of text.matchAll(/\$\{([A-Z0-9_]+)/g))
      expect(example).toMatch(new RegExp(`^${name}=`, "m"));
    for (const secret of ["POSTGRES_PASSWORD", "ESPALIER_ENCRYPTION_KEY", "ESPALIER_API_KEY"]) {
      expect(text).toContain(`\${${secret}:?`);
      expect(text).not.toContain(`\${${secret}:-`);
    }
  });

  it("runs our processes on a read-only root and opens the API on loopback only", () => {
    for (const name of ours) expect(services[name]).toMatchObject({ read_only: true, tmpfs: ["/tmp"] });
    const published = Object.values(services).flatMap(({ ports = [] }) => ports);
    expect(published).toHaveLength(1);
    for (const port of published) expect(port).toMatch(/^127\.0\.0\.1:/);
  });
});

describe("the Dockerfile", () => {
  it("ends as an unprivileged account that cannot write the program", () => {
    const last =
      readFileSync(repository("Dockerfile"), "utf8")
        .split(/^FROM /m)
        .at(-1) ?? "";
    expect(last).toMatch(/^USER node$/m);
    expect(last).toContain("--chown=root:root");
    expect(last).not.toMatch(/^USER root/m);
  });
});
