import { newMessageId } from "@espalier/contracts";
import type { DeliveryStore, DueDelivery, Log } from "@espalier/pipeline";
import { describe, expect, it } from "vitest";
import { type DeliverWebhookDeps, type DeliveryOutcome, deliverWebhook, newSecret } from "../src/index.js";

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const due: DueDelivery = {
  id: newMessageId(),
  url: "https://example.com/",
  secrets: [newSecret()],
  body: "{}",
  attempt: 1,
  delaySeconds: 0.5,
  traceParent: null,
};

async function handle(
  kind: DeliveryOutcome["kind"] | "claimed elsewhere",
  attempt = 1,
  more: Partial<
    Pick<DeliveryOutcome, "retryAfterSeconds"> & Pick<DeliverWebhookDeps, "retrySeconds"> & Pick<DueDelivery, "secrets">
  > = {},
) {
  const { retryAfterSeconds = null, retrySeconds, secrets = due.secrets } = more;
  const settled: Parameters<DeliveryStore["settle"]>[] = [];
  let delivered = 0;
  const handler = deliverWebhook({
    deliveries: {
      due: async () => [],
      claim: async () => (kind === "claimed elsewhere" ? undefined : { ...due, secrets, attempt }),
      settle: async (...args) => void settled.push(args),
    },
    deliverer: {
      deliver: async () => {
        delivered += 1;
        const answered = kind === "claimed elsewhere" ? "failed" : kind;
        return { kind: answered, status: 500, error: null, retryAfterSeconds, durationSeconds: 0.1 };
      },
    },
    log: silent,
    random: () => 0,
    ...(retrySeconds && { retrySeconds }),
  });
  await handler({ delivery_id: due.id });
  return { next: settled[0]?.[2], error: settled[0]?.[1].error, delivered };
}

describe("the webhook handler", () => {
  it("settles a delivered message without another attempt", async () => {
    expect((await handle("delivered")).next).toEqual({ delivered: true, retryInSeconds: null, disableEndpoint: false });
  });

  it("schedules the next attempt after a failure, and none after the last", async () => {
    expect((await handle("failed", 1)).next).toMatchObject({ delivered: false, retryInSeconds: 5 });
    expect((await handle("failed", 10)).next).toMatchObject({ delivered: false, retryInSeconds: null });
  });

  it("waits as long as the receiver asks", async () => {
    expect((await handle("failed", 1, { retryAfterSeconds: 90 })).next).toMatchObject({ retryInSeconds: 90 });
  });

  it("follows the configured schedule", async () => {
    const retrySeconds = [1, 7];
    expect((await handle("failed", 2, { retrySeconds })).next).toMatchObject({ retryInSeconds: 7 });
    expect((await handle("failed", 3, { retrySeconds })).next).toMatchObject({ retryInSeconds: null });
  });

  it("disables an endpoint that is gone", async () => {
    expect((await handle("gone")).next).toEqual({ delivered: false, retryInSeconds: null, disableEndpoint: true });
  });

  it("does nothing when the claim is lost", async () => {
    expect(await handle("claimed elsewhere")).toMatchObject({ next: undefined, delivered: 0 });
  });

  it("sends nothing that it cannot sign; the log says why, and the schedule goes on", async () => {
    const { next, error, delivered } = await handle("delivered", 2, { secrets: [] });
    expect(delivered).toBe(0);
    expect(error).toContain("ESPALIER_ENCRYPTION_KEY_PREVIOUS");
    expect(next).toMatchObject({ delivered: false, retryInSeconds: 300 });
  });
});
