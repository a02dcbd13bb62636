import { formatBytes } from "@espalier/contracts";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useApi } from "../../../api/api-context.js";
import { saveStream } from "../../../api/save-stream.js";
import type { TrialFilter } from "../../../api/trial-queries.js";
import { Button } from "../../../ui/button.js";
import { describe } from "../../../ui/loaded.js";

interface CsvButtonProps {
  readonly id: string;
  readonly filter: TrialFilter;
}

/** Saves every trial of the filter, with all parameters and results, as the service streams it. */
export function CsvButton({ id, filter }: CsvButtonProps) {
  const { client } = useApi();
  const [bytes, setBytes] = useState(0);
  const stop = useRef<AbortController>(null);
  useEffect(() => () => stop.current?.abort(), []);
  const save = useMutation({
    mutationFn: () => {
      stop.current = new AbortController();
      const { signal } = stop.current;
      setBytes(0);
      return saveStream({
        suggestedName: `${id}-trials.csv`,
        signal,
        onProgress: setBytes,
        open: async () => {
          const asked = {
            params: { path: { id }, query: filter },
            headers: { accept: "text/csv" },
            parseAs: "stream",
          } as const;
          const { data } = await client.GET("/v1/jobs/{id}/trials", { ...asked, signal });
          return data as ReadableStream<Uint8Array>;
        },
      });
    },
  });
  return (
    <>
      {save.isPending && <span role="status">{formatBytes(bytes)} read</span>}
      {save.error !== null && save.error.name !== "AbortError" && <span role="alert">✕ {describe(save.error)}</span>}
      {save.isPending ? (
        <Button look="quiet" onClick={() => stop.current?.abort()}>
          Stop
        </Button>
      ) : (
        <Button look="quiet" aria-label="Save trials as CSV" onClick={() => save.mutate()}>
          CSV
        </Button>
      )}
    </>
  );
}
