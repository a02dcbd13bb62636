import type { QueuePayload } from "@espalier/contracts";
import { type DeliveryStore, type DueDelivery, type Log, type Tracing, untraced } from "@espalier/pipeline";
import type { Deliverer, DeliveryOutcome } from "./deliver.js";
import { nextRetrySeconds } from "./retry-schedule.js";

/** Longer than the longest attempt, so that a lease ends only when its process is lost. */
const LEASE_SECONDS = 30;

/** Unsigned, nothing is sent. It counts as a failed attempt, so that the message goes out once the key is configured. */
const UNREADABLE_SECRET: DeliveryOutcome = {
  kind: "failed",
  status: null,
  error:
    "The signing secret cannot be opened with the service's encryption keys. Rotate the endpoint's secret, or configure the key that sealed it (ESPALIER_ENCRYPTION_KEY_PREVIOUS).",
  retryAfterSeconds: null,
  durationSeconds: 0,
};

export interface DeliverWebhookDeps {
  readonly deliveries: DeliveryStore;
  readonly deliverer: Pick<Deliverer, "deliver">;
  readonly log: Log;
  /** Uniform in [0, 1): jitter of the retry schedule. */
  readonly random: () => number;
  /** Default: the schedule of Standard Webhooks. */
  readonly retrySeconds?: readonly number[];
  readonly tracing?: Tracing | undefined;
}

/** Handler of both queues of webhooks: claims one due delivery, makes one attempt, settles it. A lost claim is success. */
export function deliverWebhook(deps: DeliverWebhookDeps) {
  const { deliveries, deliverer, log, random, retrySeconds, tracing = untraced } = deps;

  async function attempt(due: DueDelivery): Promise<void> {
    const { id, url, body, secrets } = due;
    const outcome = secrets.length === 0 ? UNREADABLE_SECRET : await deliverer.deliver({ id, url, body, secrets });
    const retryInSeconds =
      outcome.kind === "failed"
        ? nextRetrySeconds({
            attempt: due.attempt,
            retryAfterSeconds: outcome.retryAfterSeconds,
            random: random(),
            ...(retrySeconds && { retrySeconds }),
          })
        : null;
    const { status, error, durationSeconds } = outcome;
    await deliveries.settle(
      id,
      { status, error, durationSeconds },
      { delivered: outcome.kind === "delivered", retryInSeconds, disableEndpoint: outcome.kind === "gone" },
    );
    log.info(
      { event: "webhook.attempted", delivery_id: id, attempt: due.attempt, status, outcome: outcome.kind },
      "webhook attempted",
    );
  }

  return async ({ delivery_id }: QueuePayload<"webhook">): Promise<void> => {
    const due = await deliveries.claim(delivery_id, LEASE_SECONDS);
    if (due === undefined) return;
    const attributes = { "espalier.delivery_id": due.id, "espalier.attempt": due.attempt };
    await tracing.span({ name: "webhook attempt", parent: due.traceParent, attributes }, () => attempt(due));
  };
}
