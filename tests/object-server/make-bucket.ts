import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type { ObjectServer } from "./start-object-server.js";

/** A bucket of a test and what is in it, asked of the server by the SDK's client itself. */
export interface TestBucket {
  readonly name: string;
  keys(): Promise<readonly string[]>;
  /** Keys of uploads that nobody completed. */
  uploads(): Promise<readonly string[]>;
  /** Begins an upload and leaves it there. */
  beginUpload(key: string): Promise<void>;
  replace(key: string, content: string): Promise<void>;
}

export async function makeBucket({ endpoint, credentials }: ObjectServer, name: string): Promise<TestBucket> {
  const client = new S3Client({
    endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    requestChecksumCalculation: "WHEN_REQUIRED",
    credentials: {
      accessKeyId: credentials.AWS_ACCESS_KEY_ID,
      secretAccessKey: credentials.AWS_SECRET_ACCESS_KEY,
    },
  });
  await client.send(new CreateBucketCommand({ Bucket: name }));
  return {
    name,
    keys: async () => {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: name }));
      return Contents.map(({ Key = "" }) => Key);
    },
    uploads: async () => {
      const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: name }));
      return Uploads.map(({ Key = "" }) => Key);
    },
    beginUpload: async (key) => {
      await client.send(new CreateMultipartUploadCommand({ Bucket: name, Key: key }));
    },
    replace: async (key, content) => {
      await client.send(new PutObjectCommand({ Bucket: name, Key: key, Body: content }));
    },
  };
}
