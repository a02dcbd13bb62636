export {
  type Deliverer,
  type DeliveryOutcome,
  type DeliverySettings,
  makeDeliverer,
  type OutgoingMessage,
} from "./deliver.js";
export { type DeliverWebhookDeps, deliverWebhook } from "./deliver-webhook.js";
export { type DispatchDeps, makeDispatch } from "./dispatch.js";
export { type AddressPolicy, makeAddressPolicy } from "./guard/address-policy.js";
export { checkUrl, type UrlPolicy } from "./guard/check-url.js";
export { AddressRefused, makeGuardedLookup } from "./guard/guarded-lookup.js";
export { type GuardedNetwork, guardedNetwork } from "./guard/guarded-network.js";
export { DEFAULT_RETRY_SECONDS, nextRetrySeconds, type RetryQuestion } from "./retry-schedule.js";
export { newSecret } from "./secret.js";
export { type SignedMessage, sign } from "./sign.js";
