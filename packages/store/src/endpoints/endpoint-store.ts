import type {
  DeliveryView,
  EndpointId,
  EndpointView,
  MessageId,
  Page,
  UpdateEndpointBody,
  WebhookEventType,
} from "@espalier/contracts";

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

/**
 * Registered webhook endpoints and what was sent to them. Rejects with AppError `WEBHOOK_ENDPOINT_NOT_FOUND` or
 * `CURSOR_INVALID`; what sends also with `WEBHOOK_ENDPOINT_DISABLED`.
 */
export interface EndpointStore {
  create(endpoint: NewEndpoint): Promise<EndpointView>;
  get(id: EndpointId): Promise<EndpointView>;
  /** Newest first. */
  list(page: PageRequest): Promise<Page<EndpointView>>;
  /**
   * Changes what is given. Enabling, or another address, starts the five days of failures anew; disabling ends the messages
   * that wait. Those that wait go to the new address.
   */
  update(id: EndpointId, changes: UpdateEndpointBody): Promise<EndpointView>;
  /** Signs with the new secret from now on, and with the present one too for 24 hours. */
  rotateSecret(id: EndpointId, secret: string): Promise<EndpointView>;
  /** Removes the endpoint with its deliveries. */
  remove(id: EndpointId): Promise<void>;
  /** Newest first. */
  deliveries(id: EndpointId, page: PageRequest): Promise<Page<DeliveryView>>;
  /** Puts an `endpoint.test` message into the outbox. */
  test(id: EndpointId): Promise<DeliveryView>;
  /**
   * Puts a message into the outbox again, as it is and with the whole schedule before it. Rejects with
   * `WEBHOOK_DELIVERY_NOT_FOUND`, or `WEBHOOK_DELIVERY_PENDING` while it is there.
   */
  redeliver(id: EndpointId, message: MessageId): Promise<DeliveryView>;
}
