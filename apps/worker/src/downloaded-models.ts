import type { Hub } from "@espalier/model/hub";
import type { ComputeContext, ComputePort, ComputeTask, Log } from "@espalier/pipeline";
import { throttled } from "./throttled.js";

const MEGABYTE = 1e6;

/**
 * Sees to it that the model of a task is on this machine before its arithmetic begins. The profile downloads it, with
 * progress; other machines that take trials or exports of the job do so when their first one comes.
 */
export function downloadingCompute(compute: ComputePort, hub: Pick<Hub, "download">, log: Log): ComputePort {
  async function bring({ jobId, spec: { model } }: ComputeTask, { signal }: ComputeContext, report?: Report) {
    if (!("hub" in model)) return;
    const started = performance.now();
    let bytes = 0;
    await hub.download(model.hub, model.revision, {
      signal,
      onProgress: ({ doneBytes, totalBytes }) => {
        bytes = totalBytes;
        report?.(doneBytes, totalBytes);
      },
    });
    if (bytes === 0) return;
    const seconds = (performance.now() - started) / 1000;
    log.info({ event: "model.downloaded", job_id: jobId, hub: model.hub, bytes, seconds }, "model downloaded");
  }
  return {
    async profile(task, context) {
      await bring(task, context, reporter(context));
      return compute.profile(task, context);
    },
    async score(task, candidate, context) {
      await bring(task, context);
      return compute.score(task, candidate, context);
    },
    async build(task, request, context) {
      await bring(task, context);
      return compute.build(task, request, context);
    },
  };
}

type Report = (doneBytes: number, totalBytes: number) => void;

function reporter({ onProgress }: ComputeContext): Report | undefined {
  if (onProgress === undefined) return undefined;
  const report = throttled(onProgress);
  return (doneBytes, totalBytes) => {
    const of = Math.ceil(totalBytes / MEGABYTE);
    const done = doneBytes === totalBytes ? of : Math.floor(doneBytes / MEGABYTE);
    report({ stage: "downloading", done, of, unit: "megabytes" });
  };
}
