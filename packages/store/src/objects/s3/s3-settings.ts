/** Where an S3-compatible store is, and what of it is ours. Credentials come from the environment, as the AWS SDK reads them. */
export interface S3Settings {
  readonly bucket: string;
  /** Undefined: AWS, by region. */
  readonly endpoint?: string | undefined;
  readonly region: string;
  /** Begins every key: empty, or folders with a slash at the end. */
  readonly prefix: string;
  /** The bucket's name stands in the path, not in the host. */
  readonly forcePathStyle: boolean;
  /** Size of the parts of a large upload, which are held in memory one at a time (default 16 MiB; S3 takes 5 MiB or more). */
  readonly partBytes?: number;
}
