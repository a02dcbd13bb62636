import type { WebhookDelivery } from "@espalier/client";

/** What came of one attempt: the answer's status, or why there was none. */
export const attemptText = ({ status, error }: WebhookDelivery["attempts"][number]): string =>
  [status === null ? null : `answered ${status}`, error].filter((part) => part !== null).join(": ") || "no answer";
