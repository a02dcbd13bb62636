import type { ApiClient } from "@espalier/client";
import { saveStream } from "./save-stream.js";

export interface SavedArtifact {
  readonly jobId: string;
  readonly name: string;
  readonly onProgress: (bytes: number) => void;
  readonly signal: AbortSignal;
}

/** Saves a file of a job. Resolves and rejects as `saveStream` does. */
export const saveArtifact = (client: ApiClient, { jobId, name, onProgress, signal }: SavedArtifact): Promise<boolean> =>
  saveStream({
    suggestedName: name.slice(name.lastIndexOf("/") + 1),
    onProgress,
    signal,
    open: async () => {
      const asked = { params: { path: { id: jobId, name } }, parseAs: "stream" } as const;
      const { data } = await client.GET("/v1/jobs/{id}/artifacts/{name}", { ...asked, signal });
      return data as ReadableStream<Uint8Array>;
    },
  });
