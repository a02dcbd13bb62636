import { ConfigurationError, type Environment } from "./read-environment.js";
import { objectStoreEnvironment } from "./variables.js";

/** AWS's first region, whose name most of S3's like take for their own. */
const DEFAULT_REGION = "us-east-1";

/** An S3-compatible store, as both processes are told of it; credentials are not among it. */
export interface ObjectStoreSettings {
  readonly bucket: string;
  /** Undefined: AWS, by region. */
  readonly endpoint: string | undefined;
  readonly region: string;
  /** Begins every key: empty, or folders with a slash at the end. */
  readonly prefix: string;
  /** The bucket's name stands in the path, not in the host. */
  readonly forcePathStyle: boolean;
}

/** Undefined: files are kept in the data folder. Throws ConfigurationError for settings of a store without its bucket. */
export function objectStoreSettings(
  env: Environment<(typeof objectStoreEnvironment)[number]>,
): ObjectStoreSettings | undefined {
  const { ESPALIER_S3_BUCKET: bucket, ESPALIER_S3_ENDPOINT: endpoint } = env;
  if (bucket === undefined) {
    const lonely = objectStoreEnvironment.filter((name) => env[name] !== undefined);
    if (lonely.length === 0) return undefined;
    const names = lonely.join(", ");
    throw new ConfigurationError([`${names} is set and ESPALIER_S3_BUCKET is not. Set the bucket, or none of them.`]);
  }
  return {
    bucket,
    endpoint,
    region: env.ESPALIER_S3_REGION ?? DEFAULT_REGION,
    prefix: env.ESPALIER_S3_PREFIX ?? "",
    // Stores of one's own rarely have a host name for each bucket.
    forcePathStyle: env.ESPALIER_S3_FORCE_PATH_STYLE ?? endpoint !== undefined,
  };
}
