import type { Readable } from "node:stream";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { ConfigurationError } from "@espalier/contracts";
import type { ByteRange } from "../object-store.js";
import { ask, unlessMissing } from "./ask.js";
import { contentMd5 } from "./content-md5.js";
import { openClient } from "./open-client.js";
import type { S3Settings } from "./s3-settings.js";
import { isMisconfigured, refusal } from "./store-error.js";
import { type LocalFile, makeUploads } from "./uploads.js";

/** What we ask of a bucket; keys are relative to the prefix. Rejects with AppError, and with the signal's reason. */
export interface Bucket {
  ping(): Promise<void>;
  /** Rejects with ConfigurationError when the store knows neither bucket nor credentials; one that is away may come back. */
  check(): Promise<void>;
  has(key: string, signal?: AbortSignal): Promise<boolean>;
  put(key: string, body: Uint8Array, signal?: AbortSignal): Promise<void>;
  /** Sends a file, part by part when it is large. Rejects with RangeError when it is not the file that was described. */
  upload(key: string, file: LocalFile, signal?: AbortSignal): Promise<void>;
  /** Undefined when there is no such object. */
  open(key: string, range?: ByteRange, signal?: AbortSignal): Promise<Readable | undefined>;
  list(prefix: string): AsyncGenerator<string>;
  /** None there is fine. */
  remove(key: string): Promise<void>;
  /** Ends uploads below a prefix that nobody completed. */
  abortUploads(prefix: string): Promise<void>;
  close(): void;
}

const PING_TIMEOUT_MS = 3_000;

/** Opens a bucket; no request is made. */
export function openBucket(settings: S3Settings): Bucket {
  const client = openClient(settings);
  const { bucket: Bucket, prefix } = settings;
  const at = (key: string) => ({ Bucket, Key: prefix + key });

  async function open(key: string, range?: ByteRange, signal?: AbortSignal): Promise<Readable | undefined> {
    const command = new GetObjectCommand({ ...at(key), ...(range && { Range: `bytes=${range.start}-${range.end}` }) });
    const request = unlessMissing((options) => client.send(command, options));
    const found = await ask({ what: "send a file", request, signal });
    return found?.Body as Readable | undefined; // in Node.js a body is one
  }

  async function has(key: string, signal?: AbortSignal): Promise<boolean> {
    const request = unlessMissing((options) => client.send(new HeadObjectCommand(at(key)), options));
    return (await ask({ what: "say whether it has a file", request, signal })) !== undefined;
  }

  async function put(key: string, Body: Uint8Array, signal?: AbortSignal): Promise<void> {
    const command = new PutObjectCommand({ ...at(key), Body, ContentMD5: contentMd5(Body) });
    await ask({ what: "take a file", request: (options) => client.send(command, options), signal });
  }

  async function* list(below: string): AsyncGenerator<string> {
    let page: ListObjectsV2CommandOutput | undefined;
    do {
      const token = page?.NextContinuationToken;
      const query = { Bucket, Prefix: prefix + below, ...(token && { ContinuationToken: token }) };
      page = await ask({ what: "list its files", request: () => client.send(new ListObjectsV2Command(query)) });
      for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key.slice(prefix.length);
    } while (page.NextContinuationToken);
  }

  async function remove(key: string): Promise<void> {
    const request = unlessMissing(() => client.send(new DeleteObjectCommand(at(key))));
    await ask({ what: "remove a file", request });
  }

  async function ping(): Promise<void> {
    const signal = AbortSignal.timeout(PING_TIMEOUT_MS);
    await ask({
      what: "answer",
      request: (options) => client.send(new HeadBucketCommand({ Bucket }), options),
      signal,
    });
  }

  async function check(): Promise<void> {
    const signal = AbortSignal.timeout(PING_TIMEOUT_MS);
    try {
      await client.send(new HeadBucketCommand({ Bucket }), { abortSignal: signal });
    } catch (error) {
      if (isMisconfigured(error)) throw new ConfigurationError([refusal(error, settings)]);
    }
  }

  const uploads = makeUploads({ client, bucket: Bucket, prefix, put, partBytes: settings.partBytes });
  return {
    ping,
    check,
    has,
    put,
    upload: uploads.upload,
    abortUploads: uploads.abort,
    open,
    list,
    remove,
    close: () => client.destroy(),
  };
}
