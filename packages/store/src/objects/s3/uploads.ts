import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { ask, unlessMissing } from "./ask.js";
import { contentMd5 } from "./content-md5.js";
import { type LocalFile, readParts } from "./read-parts.js";

export type { LocalFile } from "./read-parts.js";

interface Target {
  readonly client: S3Client;
  readonly bucket: string;
  readonly prefix: string;
  readonly put: (key: string, body: Uint8Array, signal?: AbortSignal) => Promise<void>;
  readonly partBytes?: number | undefined;
}

/** Sends files; keys are relative to the prefix. */
export interface Uploads {
  upload(key: string, file: LocalFile, signal?: AbortSignal): Promise<void>;
  abort(prefix: string): Promise<void>;
}

const PART_BYTES = 16 * 1024 * 1024;
/** S3's bound on the parts of one upload. */
const MAX_PARTS = 10_000;

/** Sends files with one part in memory at a time; an object appears with its last byte, or not at all. */
export function makeUploads({ client, bucket: Bucket, prefix, put, partBytes = PART_BYTES }: Target): Uploads {
  async function upload(key: string, file: LocalFile, signal?: AbortSignal): Promise<void> {
    const size = Math.max(partBytes, Math.ceil(file.sizeBytes / MAX_PARTS));
    const parts = await readParts(file, size);
    try {
      if (file.sizeBytes > size) return await sendParts(key, parts, signal);
      const { value: whole = new Uint8Array() } = await parts.next();
      await parts.next(); // to its end, where the hash is compared
      await put(key, whole, signal);
    } finally {
      await parts.return(undefined);
    }
  }

  async function sendParts(key: string, parts: AsyncGenerator<Uint8Array>, signal?: AbortSignal): Promise<void> {
    // What a killed attempt at the same file left: only the holder of the lease sends it.
    await abort(key);
    const target = { Bucket, Key: prefix + key };
    const begin = new CreateMultipartUploadCommand(target);
    const begun = await ask({ what: "begin an upload", request: (options) => client.send(begin, options), signal });
    const begunUpload = { ...target, UploadId: begun.UploadId };
    try {
      const Parts: CompletedPart[] = [];
      for await (const Body of parts) {
        const PartNumber = Parts.length + 1;
        const part = new UploadPartCommand({ ...begunUpload, PartNumber, Body, ContentMD5: contentMd5(Body) });
        const sent = await ask({ what: "take a file", request: (options) => client.send(part, options), signal });
        Parts.push({ PartNumber, ETag: sent.ETag });
      }
      const end = new CompleteMultipartUploadCommand({ ...begunUpload, MultipartUpload: { Parts } });
      await ask({ what: "complete an upload", request: (options) => client.send(end, options), signal });
    } catch (error) {
      // The error tells the story; what this cannot end, the next attempt ends.
      await abortOne(begunUpload).catch(() => undefined);
      throw error;
    }
  }

  async function abortOne(upload: { Bucket: string; Key: string; UploadId: string | undefined }): Promise<void> {
    const request = unlessMissing(() => client.send(new AbortMultipartUploadCommand(upload)));
    await ask({ what: "end an upload", request });
  }

  async function abort(below: string): Promise<void> {
    let page: ListMultipartUploadsCommandOutput | undefined;
    do {
      const { NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = page ?? {};
      const query = new ListMultipartUploadsCommand({ Bucket, Prefix: prefix + below, KeyMarker, UploadIdMarker });
      page = await ask({ what: "list its uploads", request: () => client.send(query) });
      for (const { Key, UploadId } of page.Uploads ?? []) {
        // Some of S3's like take the prefix for a hint.
        if (Key?.startsWith(prefix + below)) await abortOne({ Bucket, Key, UploadId });
      }
    } while (page.IsTruncated);
  }

  return { upload, abort };
}
