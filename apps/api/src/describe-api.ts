import { makeAddressPolicy } from "@espalier/webhooks";
import { pino } from "pino";
import { buildApp } from "./app.js";
import type { ApiDeps } from "./deps.js";

const notServed = (): Promise<never> => Promise.reject(new RangeError("this app only describes itself"));

/** Stands in for everything behind the API: routes are described without being called. */
const absent = <T extends object>(): T => new Proxy({}, { get: () => notServed }) as T;

/** The OpenAPI description of the API, made without anything behind it. */
export async function describeApi(version: string): Promise<object> {
  const app = buildApp({
    views: absent<ApiDeps["views"]>(),
    endpoints: absent<ApiDeps["endpoints"]>(),
    objects: absent<ApiDeps["objects"]>(),
    inventory: absent<ApiDeps["inventory"]>(),
    pings: absent<ApiDeps["pings"]>(),
    readStatus: notServed,
    apiKeys: absent<ApiDeps["apiKeys"]>(),
    rateLimits: { reads: 0, writes: 0 },
    submitJob: notServed,
    jobControl: absent<ApiDeps["jobControl"]>(),
    estimateJob: notServed,
    requestExport: notServed,
    newSecret: () => "",
    webhookPolicy: { addresses: makeAddressPolicy(), allowHttp: false },
    metrics: absent<ApiDeps["metrics"]>(),
    version,
    logger: pino({ level: "silent" }),
  });
  await app.ready();
  const description = app.swagger();
  await app.close();
  return description;
}
