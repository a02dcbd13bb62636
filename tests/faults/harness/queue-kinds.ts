import { hasRedisServer } from "../../../packages/queues/test/support/redis-server.js";

/** Rows whose fault touches messages are tried on each queue that this machine has. */
export const queueKinds = (["postgres", "redis"] as const).filter((kind) => kind === "postgres" || hasRedisServer);
