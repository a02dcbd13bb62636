import type { Environment } from "./read-environment.js";
import type { hubEnvironment } from "./variables.js";

/** Folder of the data folder that models of a hub are kept in, unless another is named. */
const HUB_FOLDER = "hub";

/** A Hugging Face hub, as processes are told of it. */
export interface HubConfiguration {
  /** False: only models that are here already can be used. */
  readonly isOpen: boolean;
  readonly endpoint: string;
  readonly token: string | undefined;
  readonly dir: string;
  readonly maxBytes: number;
  readonly allowedCidrs: readonly string[];
  /** Only a hub that is itself named with http is read over it. */
  readonly allowHttp: boolean;
}

/** The hub of an environment; its folder lies in the data folder unless it is named. */
export function hubConfiguration(env: Environment<(typeof hubEnvironment)[number]>, dataDir: string): HubConfiguration {
  return {
    isOpen: env.ESPALIER_HUB,
    endpoint: env.ESPALIER_HUB_ENDPOINT,
    token: env.ESPALIER_HUB_TOKEN,
    dir: env.ESPALIER_HUB_DIR ?? `${dataDir}/${HUB_FOLDER}`,
    maxBytes: env.ESPALIER_HUB_MAX_BYTES,
    allowedCidrs: env.ESPALIER_HUB_ALLOWED_CIDRS,
    allowHttp: env.ESPALIER_HUB_ENDPOINT.startsWith("http:"),
  };
}
