import type { Command } from "commander";
import { ApiClient } from "./api-client.js";

export const DEFAULT_URL = "http://127.0.0.1:8080";

interface ConnectionFlags {
  readonly url: string;
}

/** Adds `--url` to a command that talks to a running service. */
export function withConnection(command: Command): Command {
  return command.option("--url <url>", "address of the service", process.env["ESPALIER_URL"] ?? DEFAULT_URL);
}

/** The client that the flags and `ESPALIER_API_KEY` describe. */
export function connect({ url }: ConnectionFlags): ApiClient {
  return new ApiClient({ url, apiKey: process.env["ESPALIER_API_KEY"] });
}
