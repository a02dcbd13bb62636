import type { ClientOptions } from "@espalier/client";
import { clientEnvironment, environmentVariables, readEnvironment } from "@espalier/contracts";
import type { Command } from "commander";
import { configured } from "../configured.js";
import { ApiClient } from "./api-client.js";

interface ConnectionFlags {
  readonly url: string;
}

/** Where the service is unless `--url` says otherwise: `ESPALIER_URL`, else this machine. */
export const serviceUrl = (): string =>
  process.env["ESPALIER_URL"] || environmentVariables.ESPALIER_URL.parse(undefined);

/** Adds `--url` to a command that talks to a running service. */
export function withConnection(command: Command): Command {
  return command.option("--url <url>", "address of the service", serviceUrl());
}

/** What the flags and `ESPALIER_API_KEY` say of the service. */
export function serviceOf({ url }: ConnectionFlags): ClientOptions {
  const { ESPALIER_API_KEY: apiKey } = configured(() => readEnvironment(clientEnvironment, process.env));
  return { url, apiKey };
}

/** The client of the service that the flags describe. */
export const connect = (flags: ConnectionFlags): ApiClient => new ApiClient(serviceOf(flags));
