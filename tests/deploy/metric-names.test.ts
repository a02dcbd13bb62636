import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { makeApiMetrics, makeWorkerMetrics } from "@espalier/telemetry";
import { parser } from "@prometheus-io/lezer-promql";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { repository } from "../e2e/repository.js";
import { hasTool } from "./tools.js";

interface Alerts {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[];
}

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly gridPos: { readonly x: number; readonly y: number };
    readonly targets: readonly { readonly expr: string }[];
  }[];
}

const read = (path: string): string => readFileSync(repository(path), "utf8");
const alerts = (parse(read("deploy/prometheus/alerts.yaml")) as Alerts).groups.flatMap(({ rules }) => rules);
const dashboard = JSON.parse(read("deploy/grafana/espalier.json")) as Dashboard;
const chartQuery = /query: >-\n((?: +.*espalier_.*\n)+)/.exec(
  read("deploy/helm/espalier/templates/autoscaling.yaml"),
)?.[1];

/** Names of the metrics in a query; throws where it is not PromQL. */
function metricsOf(query: string): string[] {
  const text = query.replaceAll("$__rate_interval", "5m").replaceAll("$job", ".*");
  const names: string[] = [];
  parser.parse(text).iterate({
    enter: ({ type, from, to, node }) => {
      if (type.isError) throw new SyntaxError(`not PromQL at ${from}: ${text}`);
      if (type.name === "Identifier" && node.parent?.name === "VectorSelector") names.push(text.slice(from, to));
    },
  });
  return names;
}

/** Every series that a scrape of API and worker can give. */
async function seriesNames(): Promise<Set<string>> {
  const away = () => Promise.reject(new Error("not asked"));
  const text = (await makeApiMetrics({ rows: away, messages: away }).text()) + (await makeWorkerMetrics().text());
  const names = new Set<string>();
  for (const [, name = "", type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    names.add(name);
    if (type === "histogram") for (const suffix of ["_bucket", "_sum", "_count"]) names.add(name + suffix);
  }
  return names;
}

describe("what watches the service", () => {
  const queries = [
    ...alerts.map(({ alert, expr }) => [alert, expr] as const),
    ...dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
    ["KEDA", chartQuery ?? ""] as const,
  ];

  it.each(queries)("%s asks for metrics that there are", async (_, query) => {
    const names = metricsOf(query);
    expect(names).not.toEqual([]);
    expect([...(await seriesNames())]).toEqual(expect.arrayContaining(names));
  });

  it("shows every metric of ours on the dashboard", async () => {
    const ours = [...(await seriesNames())].filter((name) => name.startsWith("espalier_"));
    const shown = queries.flatMap(([, query]) => metricsOf(query)).map((name) => name.replace(/_(bucket|count)$/, ""));
    const families = ours.filter((name) => !/_(bucket|sum|count)$/.test(name));
    expect(families.filter((name) => !shown.includes(name))).toEqual([]);
  });

  it("says in docs/operations.md what each metric is", async () => {
    const page = read("docs/operations.md");
    const families = [...(await seriesNames())].filter((name) => /^espalier_.*(?<!_bucket|_sum|_count)$/.test(name));
    expect(families.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
    const named = [...page.matchAll(/`(espalier_[a-z_]+)`/g)].map(([, name]) => name);
    expect(named.filter((name) => !families.includes(name ?? ""))).toEqual([]);
    for (const { alert } of alerts) expect(page).toContain(`\`${alert}\``);
  });

  it("has no two panels in one place", () => {
    const places = dashboard.panels.map(({ gridPos: { x, y } }) => `${x},${y}`);
    expect(new Set(places).size).toBe(places.length);
  });

  it.skipIf(!hasTool("promtool"))("fires its alerts when it should (promtool)", () => {
    execFileSync("promtool", ["check", "rules", repository("deploy/prometheus/alerts.yaml")], { stdio: "pipe" });
    execFileSync("promtool", ["test", "rules", repository("deploy/prometheus/alerts.test.yaml")], { stdio: "pipe" });
  });
});
