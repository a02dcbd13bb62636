import type { DeliveryView, EndpointId, EndpointView, MessageId, Page, WebhookEventType } from "@espalier/contracts";

export interface NewEndpoint {
  readonly url: string;
  readonly events: readonly WebhookEventType[];
  /** `whsec_…`; stored encrypted, never read back by the API. */
  readonly secret: string;
}

export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Registered webhook endpoints and what was sent to them. Rejects with AppError `WEBHOOK_ENDPOINT_NOT_FOUND` or `CURSOR_INVALID`. */
export interface EndpointStore {
  create(endpoint: NewEndpoint): Promise<EndpointView>;
  get(id: EndpointId): Promise<EndpointView>;
  /** Newest first. */
  list(page: PageRequest): Promise<Page<EndpointView>>;
  /** Removes the endpoint with its deliveries. */
  remove(id: EndpointId): Promise<void>;
  /** Newest first. */
  deliveries(id: EndpointId, page: PageRequest): Promise<Page<DeliveryView>>;
  /** Puts an `endpoint.test` message into the outbox; enqueue its id on the `webhook` queue. */
  test(id: EndpointId): Promise<MessageId>;
}
