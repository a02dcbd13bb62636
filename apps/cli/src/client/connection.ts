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

/** The client that the flags and `ESPALIER_API_KEY` describe. */
export function connect({ url }: ConnectionFlags): ApiClient {
  const { ESPALIER_API_KEY: apiKey } = configured(() => readEnvironment(clientEnvironment, process.env));
  return new ApiClient({ url, apiKey });
}
