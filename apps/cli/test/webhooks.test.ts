import { webhookSecret } from "@espalier/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startService, type TestService } from "../../api/test/support/service.js";
import { runEspalier } from "./support/run-espalier.js";

describe("espalier webhooks", () => {
  let service: TestService;
  let url: string;
  beforeAll(async () => {
    service = await startService();
    url = await service.app.listen({ host: "127.0.0.1", port: 0 });
  });
  afterAll(() => service?.close());

  const espalier = async (...flags: string[]): Promise<string> =>
    (await runEspalier(["webhooks", ...flags], { ESPALIER_URL: url })).stdout;
  const json = async (...flags: string[]) => JSON.parse(await espalier(...flags, "--json"));

  it("registers an endpoint, tests it, sends again, rotates its secret and removes it", async () => {
    const secret = (await espalier("create", "https://example.com/hook", "--events", "job.failed, job.started")).trim();
    expect(webhookSecret.safeParse(secret).success).toBe(true);
    const [endpoint] = (await json("list")).data;
    expect(endpoint).toMatchObject({ url: "https://example.com/hook", events: ["job.failed", "job.started"] });

    const { delivery } = await json("test", endpoint.id);
    expect(await espalier("deliveries", endpoint.id)).toContain(`${delivery.id}`);
    await expect(espalier("redeliver", endpoint.id, delivery.id)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining("still being delivered"),
    });
    await service.store.deliveries.claim(delivery.id, 30);
    const attempt = { status: 500, error: "The receiver answered 500.", durationSeconds: 0.1 };
    await service.store.deliveries.settle(delivery.id, attempt, { delivered: false, retryInSeconds: null });
    expect(await espalier("redeliver", endpoint.id, delivery.id)).toBe(`${delivery.id} pending\n`);

    const rotated = (await espalier("rotate-secret", endpoint.id)).trim();
    expect(webhookSecret.safeParse(rotated).success && rotated !== secret).toBe(true);
    expect(await espalier("delete", endpoint.id)).toBe(`${endpoint.id} removed\n`);
    expect((await json("list")).data).toEqual([]);
  });

  it("ends with 2 for an event that there is not", async () => {
    const asked = espalier("create", "https://example.com/", "--events", "job.done");
    await expect(asked).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining("'job.done' is not one of") });
  });
});
