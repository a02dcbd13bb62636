import { AppError } from "@espalier/contracts";
import underPressure from "@fastify/under-pressure";
import type { FastifyInstance } from "fastify";

/** The event loop is this late only when far more is asked than can be answered. */
const MAX_EVENT_LOOP_DELAY_MS = 5000;

/** Refuses requests with 503 while the process is hopelessly late, so that it can catch up. */
export function registerOverloadProtection(app: FastifyInstance): void {
  app.register(underPressure, {
    maxEventLoopDelay: MAX_EVENT_LOOP_DELAY_MS,
    pressureHandler: () => {
      throw new AppError("SERVICE_UNAVAILABLE", "The service is overloaded. Try again in a few seconds.");
    },
  });
}
