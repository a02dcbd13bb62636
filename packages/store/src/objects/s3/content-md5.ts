import { createHash } from "node:crypto";

/** Value of the header Content-MD5, by which a store refuses a body that was damaged on its way. */
export const contentMd5 = (body: Uint8Array): string => createHash("md5").update(body).digest("base64");
