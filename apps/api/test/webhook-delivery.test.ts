import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { JobId } from "@espalier/contracts";
import { deliverWebhook, makeDeliverer } from "@espalier/webhooks";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { smallJob, startService, type TestService } from "./support/service.js";

interface Received {
  readonly id: string;
  readonly verified: { type: string; data: { job_id: string; sequence: number } };
}

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe("a job's webhook", () => {
  const webhooks = { allowedCidrs: ["127.0.0.0/8"], allowHttp: true };
  const received: Received[] = [];
  const answers: number[] = [];
  let secret = "";
  let service: TestService;
  const receiver = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const headers = request.headers as Record<string, string>;
    received.push({ id: headers["webhook-id"] ?? "", verified: new Webhook(secret).verify(body, headers) as never });
    response.writeHead(answers.shift() ?? 200).end();
  });
  const deliverer = makeDeliverer({ ...webhooks, now: Date.now });

  beforeAll(async () => {
    service = await startService({ webhooks });
    await new Promise<void>((done) => receiver.listen(0, "127.0.0.1", done));
  });
  afterAll(async () => {
    await deliverer.close();
    receiver.close();
    await service.close();
  });

  async function cancelled(): Promise<JobId> {
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
    const body = { webhooks: [{ url, events: ["job.cancelled"] }] };
    const response = await service.post("/v1/jobs", { ...smallJob, ...body });
    const { job, webhook_secrets } = response.json();
    secret = webhook_secrets[0].secret;
    await service.app.inject({ method: "POST", url: `/v1/jobs/${job.id}/cancel` });
    return job.id;
  }

  async function deliverDue(): Promise<number> {
    const due = await service.store.deliveries.due({ pace: "quick", limit: 10 });
    const handle = deliverWebhook({
      deliveries: service.store.deliveries,
      deliverer,
      log,
      random: () => 0,
      retrySeconds: [0],
    });
    for (const delivery_id of due) await handle({ delivery_id });
    return due.length;
  }

  it("arrives signed with the secret that the submit returned, once", async () => {
    const id = await cancelled();
    expect(await deliverDue()).toBe(1);
    expect(received).toHaveLength(1);
    expect(received[0]?.verified).toMatchObject({ type: "job.cancelled", data: { job_id: id } });
    expect(await deliverDue()).toBe(0);
  });

  it("is tried again under the same id after a failure, until the schedule ends", async () => {
    received.length = 0;
    await cancelled();
    answers.push(500, 503);
    expect(await deliverDue()).toBe(1);
    expect(await deliverDue()).toBe(1);
    expect(await deliverDue()).toBe(0);
    expect(received).toHaveLength(2);
    expect(received[0]?.id).toBe(received[1]?.id);
  });
});
