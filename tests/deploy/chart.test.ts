import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { environmentNames } from "@espalier/contracts";
import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { repository } from "../e2e/repository.js";
import { helm } from "./tools.js";

interface Container {
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly command: readonly string[];
  readonly ports?: readonly { readonly name: string }[];
  readonly resources: { readonly limits: Record<string, unknown> };
  readonly securityContext: object;
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Record<string, string> };
  readonly spec: {
    readonly replicas?: number;
    readonly template: { readonly metadata: { readonly labels: object }; readonly spec: PodSpec };
    readonly selector: { readonly matchLabels: object };
    readonly scaleTargetRef: { readonly name: string };
    readonly triggers: readonly { readonly type: string; readonly metadata: Record<string, string> }[];
  };
}

interface PodSpec {
  readonly volumes: readonly {
    readonly name: string;
    readonly emptyDir?: object;
    readonly persistentVolumeClaim?: object;
  }[];
  readonly containers: readonly [Container];
  readonly securityContext: object;
  readonly enableServiceLinks: boolean;
  readonly automountServiceAccountToken: boolean;
  readonly nodeSelector?: object;
  readonly tolerations?: readonly object[];
}

const chart = repository("deploy/helm/espalier");
const read = (name: string) => parse(readFileSync(`${chart}/${name}`, "utf8"));

function render(...settings: string[]): Manifest[] {
  const set = settings.flatMap((setting) => ["--set", setting]);
  const text = execFileSync(helm ?? "helm", ["template", "espalier", chart, ...set], {
    encoding: "utf8",
    stdio: "pipe",
  });
  return parseAllDocuments(text)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null);
}

const find = (manifests: readonly Manifest[], kind: string, end = ""): Manifest => {
  const found = manifests.find((each) => each.kind === kind && each.metadata.name.endsWith(end));
  if (found === undefined) throw new Error(`no ${kind} ${end}`);
  return found;
};

describe("the chart's files", () => {
  it("are YAML, and every value has its place in the schema", () => {
    expect(read("Chart.yaml")).toMatchObject({ apiVersion: "v2", name: "espalier", type: "application" });
    const schema = JSON.parse(readFileSync(`${chart}/values.schema.json`, "utf8"));
    for (const [name, value] of Object.entries(read("values.yaml"))) {
      const { properties } = schema.properties[name] ?? {};
      expect(schema.properties, name).toHaveProperty(name);
      if (properties !== undefined)
        expect(Object.keys(properties)).toEqual(expect.arrayContaining(Object.keys(value as object)));
    }
  });
});

describe.skipIf(helm === undefined)("the chart, rendered (helm: scripts/fetch-helm.sh)", () => {
  it("passes helm's linter", () => {
    execFileSync(helm ?? "helm", ["lint", "--strict", chart], { stdio: "pipe" });
  });

  it("runs every pod without privileges, on a read-only root, with variables that Espalier knows", () => {
    const manifests = render("tracing.enabled=true", "tracing.endpoint=http://collector:4318", "worker.threads=2");
    const pods = manifests
      .filter(({ kind }) => kind === "Deployment" || kind === "Job")
      .map(({ spec }) => spec.template.spec);
    expect(pods).toHaveLength(3);
    for (const pod of pods) {
      expect(pod).toMatchObject({ enableServiceLinks: false, automountServiceAccountToken: false });
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
      expect(pod.containers[0].securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      const names = pod.containers[0].env?.map(({ name }) => name).filter((name) => name.startsWith("ESPALIER_")) ?? [];
      expect(environmentNames).toEqual(expect.arrayContaining(names));
    }
  });

  it("gives every pod a disk of its own where an object store keeps the files, and the store's credentials", () => {
    const podOf = (component: string, ...settings: string[]) =>
      find(render(...settings), "Deployment", component).spec.template.spec;
    const dataOf = ({ volumes }: PodSpec) => volumes.find(({ name }) => name === "data");
    expect(dataOf(podOf("worker"))?.persistentVolumeClaim).toEqual({ claimName: "espalier-data" });
    for (const component of ["api", "worker"]) {
      const pod = podOf(component, "objectStore.bucket=models", "objectStore.endpoint=http://store:9000");
      expect(dataOf(pod)).toEqual({ name: "data", emptyDir: { sizeLimit: "20Gi" } });
      const env = new Map(pod.containers[0].env?.map((variable) => [variable.name, variable]));
      expect(env.get("ESPALIER_S3_BUCKET")?.value).toBe("models");
      expect(env.get("ESPALIER_S3_ENDPOINT")?.value).toBe("http://store:9000");
      expect(env.get("AWS_SECRET_ACCESS_KEY")).toMatchObject({
        valueFrom: { secretKeyRef: { name: "espalier", key: "aws-secret-access-key", optional: true } },
      });
    }
  });

  it("probes API and workers, and selects their pods", () => {
    const manifests = render();
    for (const [component, port] of [
      ["api", "http"],
      ["worker", "metrics"],
    ] as const) {
      const { spec } = find(manifests, "Deployment", component);
      const [container] = spec.template.spec.containers;
      expect(container.startupProbe?.httpGet).toEqual({ path: "/startupz", port });
      expect(container.livenessProbe?.httpGet).toEqual({ path: "/livez", port });
      expect(container.readinessProbe?.httpGet).toEqual({ path: "/readyz", port });
      expect(container.ports?.map(({ name }) => name)).toContain(port);
      expect(spec.template.metadata.labels).toMatchObject(spec.selector.matchLabels);
      const budget = find(manifests, "PodDisruptionBudget", component);
      expect(budget.spec.selector.matchLabels).toEqual(spec.selector.matchLabels);
    }
    expect(find(manifests, "Job").metadata.annotations?.["helm.sh/hook"]).toBe("pre-install,pre-upgrade");
  });

  it("puts workers on GPU nodes", () => {
    const { spec } = find(
      render("worker.gpu.enabled=true", "worker.executionProvider=cuda", "worker.gpu.nodeSelector.accelerator=l4"),
      "Deployment",
      "worker",
    );
    const pod = spec.template.spec;
    expect(pod.containers[0].resources.limits).toMatchObject({ "nvidia.com/gpu": 1, memory: "8Gi" });
    expect(pod.nodeSelector).toEqual({ accelerator: "l4" });
    expect(pod.tolerations).toEqual([{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }]);
  });

  it("scales workers by KEDA, on the rows or on Prometheus, and then leaves the number to it", () => {
    const byRows = render("autoscaling.enabled=true");
    const worker = find(byRows, "Deployment", "worker");
    expect(worker.spec.replicas).toBeUndefined();
    const scaled = find(byRows, "ScaledObject");
    expect(scaled.spec.scaleTargetRef.name).toBe(worker.metadata.name);
    expect(scaled.spec.triggers[0]?.metadata["connectionFromEnv"]).toBe("ESPALIER_DATABASE_URL");
    const settings = ["autoscaling.enabled=true", "autoscaling.trigger=prometheus"];
    const byMetrics = find(render(...settings, "autoscaling.prometheusServer=http://prometheus:9090"), "ScaledObject");
    expect(byMetrics.spec.triggers[0]).toMatchObject({ type: "prometheus", metadata: { threshold: "4" } });
    expect(() => render(...settings)).toThrow();
  });

  it("refuses values that nothing reads", () => {
    expect(() => render("worker.concurency=2")).toThrow(/concurency/);
  });
});
