import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useApi } from "../../../api/api-context.js";
import { artifactTextQuery } from "../../../api/job-queries.js";
import { Loaded } from "../../../ui/loaded.js";
import { Skeleton } from "../../../ui/skeleton.js";
import { useJob } from "../job-context.js";
import type { ExportFile } from "./exports-with-files.js";

const Markdown = lazy(async () => ({ default: (await import("../../../ui/markdown.js")).Markdown }));

const HEIGHT = 400;

/** The model card, as people will read it beside the files. */
export function CardPreview({ file }: { readonly file: ExportFile }) {
  const { job } = useJob();
  const { client } = useApi();
  const query = useQuery(artifactTextQuery(client, job.id, file));
  return (
    <Loaded query={query} height={HEIGHT}>
      {(text) => (
        <Suspense fallback={<Skeleton height={HEIGHT} />}>
          <Markdown text={text} />
        </Suspense>
      )}
    </Loaded>
  );
}
