import { createHash } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer, text } from "node:stream/consumers";
import { dataOf } from "@espalier/client";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningService, startService } from "./running-service.js";
import { smallJob } from "./small-job.js";

const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

const at = (id: string) => ({ params: { path: { id } } });
const latest = (id: string) => ({ params: { path: { id }, query: { limit: 200 } } });

describe("a job from submit to webhook", () => {
  let service: RunningService;
  const received: { headers: IncomingHttpHeaders; body: string }[] = [];
  const receiver = createServer(async (request, response) => {
    received.push({ headers: request.headers, body: await text(request) });
    response.writeHead(204).end();
  });

  beforeAll(async () => {
    await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
    service = await startService();
  });
  afterAll(async () => {
    await service?.stop();
    receiver.close();
  });

  it("ends with trials, a comparison, an artefact whose sums are right, and a signed event", async () => {
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
    const submitted = await service.submit(smallJob({ webhooks: [{ url, events: ["job.succeeded"], secret }] }));
    const job = await service.finished(submitted.id);
    expect(job.error).toBeNull();
    expect(job.state).toBe("succeeded");
    expect(job.trials).toMatchObject({ budget: 10, running: 0 });

    const trials = await dataOf(service.api.GET("/v1/jobs/{id}/trials", at(job.id)));
    expect(trials.data.map(({ number }) => number)).toEqual([...Array(10).keys()]);
    expect(trials.data.slice(5).map(({ origin }) => origin)).toEqual(Array(5).fill("refinement"));
    expect(trials.data.slice(0, 5).map(({ origin }) => origin)).not.toContain("refinement");

    const comparison = await dataOf(service.api.GET("/v1/jobs/{id}/comparison", at(job.id)));
    expect(comparison.best).toHaveLength(1);
    expect(comparison.best[0].parameters).toBeLessThan(comparison.dense?.parameters ?? 0);
    expect(comparison.best[0].report_perplexity).toBeGreaterThan(1);
    expect(comparison.baselines.length).toBeGreaterThan(5);

    const { data: files } = await dataOf(service.api.GET("/v1/jobs/{id}/artifacts", at(job.id)));
    expect(files.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["native/config.json", "native/model.safetensors", "native/tokenizer.json"]),
    );
    for (const { name, sha256, size_bytes } of files) {
      const response = await fetch(new URL(`/v1/jobs/${job.id}/artifacts/${name}`, service.url));
      const bytes = await buffer(response.body as never);
      expect(bytes.length, name).toBe(size_bytes);
      expect(createHash("sha256").update(bytes).digest("hex"), name).toBe(sha256);
    }

    const events = (await dataOf(service.api.GET("/v1/jobs/{id}/events", latest(job.id))))?.data ?? [];
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    expect(events.at(-1)?.type).toMatch(/^(job\.succeeded|artifact\.ready)$/);

    await expect.poll(() => received.length, { timeout: 20_000 }).toBeGreaterThan(0);
    const event = new Webhook(secret).verify(received[0].body, received[0].headers as Record<string, string>);
    expect(event).toMatchObject({ type: "job.succeeded" });
  });

  it("runs several trials at once when asked, each number once", async () => {
    const { id } = await service.submit(smallJob({ search: { trials: 9, parallelism: 3 } }));
    const job = await service.finished(id);
    expect(job.state).toBe("succeeded");
    const trials = await dataOf(service.api.GET("/v1/jobs/{id}/trials", at(id)));
    expect(trials.data.map(({ number }) => number)).toEqual([...Array(9).keys()]);
  });

  it("writes a plain Llama folder for a uniform layout", async () => {
    const { id } = await service.submit(
      smallJob({ target: { sparsity: 0.3, layout: "uniform" }, export: { profiles: ["native", "uniform"] } }),
    );
    expect((await service.finished(id)).state).toBe("succeeded");
    const config = await service.get<Record<string, unknown>>(`/v1/jobs/${id}/artifacts/uniform/config.json`);
    expect(config["architectures"]).toEqual(["LlamaForCausalLM"]);
    expect(Object.keys(config).filter((key) => key.includes("espalier"))).toEqual([]);
  });

  it("cancels a running job within seconds, exactly once", async () => {
    const { id } = await service.submit(smallJob({ search: { trials: 500 } }));
    await service.until(id, (job) => job.state === "searching");
    await service.api.POST("/v1/jobs/{id}/cancel", at(id));
    await service.api.POST("/v1/jobs/{id}/cancel", at(id));
    expect((await service.job(id)).state).toBe("cancelled");
    const data = (await dataOf(service.api.GET("/v1/jobs/{id}/events", latest(id))))?.data ?? [];
    expect(data.filter(({ type }) => type === "job.cancelled")).toHaveLength(1);
  });
});
