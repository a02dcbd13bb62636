import { newJobId } from "@espalier/contracts";
import { openQueues } from "@espalier/queues";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordingLogger } from "./support/logger.js";
import { queueContract, until } from "./support/queue-contract.js";
import { hasRedisServer, type RedisServer, startRedis } from "./support/redis-server.js";

describe.skipIf(!hasRedisServer)("with a redis-server (skipped where none is installed)", () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  queueContract("Redis", () => ({ redisUrl: server.url }));

  it("goes on after Redis was emptied", async () => {
    const queues = await openQueues({ redisUrl: server.url, logger: recordingLogger() });
    let runs = 0;
    const consumers = await queues.startConsumers({ profile: async () => void runs++ });
    await until(async () => queues.ping().then(() => true));
    await server.flush();
    await queues.enqueue("profile", { job_id: newJobId() });
    await until(() => runs === 1);
    await consumers.close();
    await queues.close();
  });

  it("refuses at once while Redis is away, and delivers again when it is back", async () => {
    const queues = await openQueues({ redisUrl: server.url, logger: recordingLogger() });
    let runs = 0;
    const consumers = await queues.startConsumers({ profile: async () => void runs++ });
    await queues.ping();
    await server.kill();
    await expect(queues.enqueue("profile", { job_id: newJobId() })).rejects.toMatchObject({
      code: "SERVICE_UNAVAILABLE",
    });
    await expect(queues.ping()).rejects.toMatchObject({ code: "SERVICE_UNAVAILABLE" });
    await server.start();
    await until(() =>
      queues.enqueue("profile", { job_id: newJobId() }).then(
        () => true,
        () => false,
      ),
    );
    await until(() => runs >= 1);
    await consumers.close();
    await queues.close();
  });

  it("opens while Redis is away", async () => {
    await server.kill();
    const queues = await openQueues({ redisUrl: server.url, logger: recordingLogger() });
    await expect(queues.enqueue("profile", { job_id: newJobId() })).rejects.toMatchObject({
      code: "SERVICE_UNAVAILABLE",
    });
    await server.start();
    await until(() =>
      queues.ping().then(
        () => true,
        () => false,
      ),
    );
    await queues.close();
  });
});
