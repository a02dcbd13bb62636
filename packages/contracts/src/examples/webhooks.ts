import type { z } from "zod";
import type { deliveryView, endpointView, UpdateEndpointBody } from "../webhooks/endpoint-view.js";
import { ENDED, ENDPOINT, MESSAGE, STARTED, SUBMITTED } from "./ids.js";
import { json, type OperationExample } from "./operation-example.js";

const url = "https://example.com/hook";
const SECRET = "whsec_<shown once>";

const endpoint: z.input<typeof endpointView> = {
  id: ENDPOINT,
  url,
  events: ["job.succeeded", "job.failed"],
  enabled: true,
  failing_since: null,
  previous_secret_until: null,
  created_at: SUBMITTED,
};

const disable: UpdateEndpointBody = { enabled: false };

const pending: z.input<typeof deliveryView> = {
  id: MESSAGE,
  event_type: "endpoint.test",
  state: "pending",
  attempts: [],
  next_attempt_at: STARTED,
  created_at: STARTED,
};

const delivered: z.input<typeof deliveryView> = {
  ...pending,
  state: "delivered",
  attempts: [{ at: ENDED, status: 204, error: null, duration_seconds: 0.12 }],
  next_attempt_at: null,
};

const rotated = { ...endpoint, previous_secret_until: "2026-03-02T09:30:00.000Z" };

/** Examples of operations on webhook endpoints and what is sent to them. */
export const webhookExamples: Readonly<Record<string, OperationExample>> = {
  createWebhookEndpoint: {
    request: { url, events: ["job.succeeded", "job.failed"] },
    answers: { 201: json({ endpoint, secret: SECRET }) },
  },
  listWebhookEndpoints: { answers: { 200: json({ data: [endpoint], has_more: false, next_cursor: null }) } },
  getWebhookEndpoint: { answers: { 200: json({ endpoint }) } },
  updateWebhookEndpoint: { request: disable, answers: { 200: json({ endpoint: { ...endpoint, ...disable } }) } },
  deleteWebhookEndpoint: { answers: {} },
  rotateWebhookSecret: { answers: { 200: json({ endpoint: rotated, secret: SECRET }) } },
  testWebhookEndpoint: { answers: { 202: json({ delivery: pending }) } },
  listWebhookDeliveries: { answers: { 200: json({ data: [delivered], has_more: false, next_cursor: null }) } },
  redeliverWebhook: { answers: { 202: json({ delivery: pending }) } },
};
