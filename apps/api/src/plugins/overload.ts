import { AppError } from "@espalier/contracts";
import underPressure from "@fastify/under-pressure";
import type { FastifyInstance } from "fastify";

interface Limits {
  /** The event loop is this late only when far more is asked than can be answered. */
  readonly maxEventLoopDelay: number;
  /**
   * Time over which lateness is averaged. The library takes an interval in which it could measure nothing for an endless
   * delay, so one long task in a shorter one would look like overload.
   */
  readonly sampleInterval: number;
}

/** In milliseconds. */
const DEFAULT_LIMITS: Limits = { maxEventLoopDelay: 5000, sampleInterval: 10_000 };

/** A supervisor that restarts what is busy makes it worse. */
const ALIVE = "/livez";

/** Refuses requests with 503 while the process is hopelessly late, so that it can catch up; it says still that it lives. */
export function registerOverloadProtection(app: FastifyInstance, limits = DEFAULT_LIMITS): void {
  app.register(underPressure, {
    ...limits,
    pressureHandler: ({ routeOptions }) => {
      if (routeOptions.url === ALIVE) return;
      throw new AppError("SERVICE_UNAVAILABLE", "The service is overloaded. Try again in a few seconds.");
    },
  });
}
