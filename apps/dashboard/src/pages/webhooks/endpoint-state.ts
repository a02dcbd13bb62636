import type { WebhookEndpoint } from "@espalier/client";

/** What an endpoint's state is called. */
export const endpointState = ({ enabled, failing_since }: WebhookEndpoint): "enabled" | "failing" | "disabled" =>
  !enabled ? "disabled" : failing_since === null ? "enabled" : "failing";
