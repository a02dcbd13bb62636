import type { Artifact } from "@espalier/client";
import { formatBytes } from "@espalier/contracts";
import { useRef, useState } from "react";
import { useApi } from "../../../api/api-context.js";
import { apiKey } from "../../../api/api-key.js";
import { saveArtifact } from "../../../api/save-artifact.js";
import { writesAsItArrives } from "../../../api/save-stream.js";
import { Button, buttonLink } from "../../../ui/button.js";
import { describe } from "../../../ui/loaded.js";
import { useJob } from "../job-context.js";
import styles from "./artefacts-page.module.css";

/** What a tab should not hold in memory to save it. */
const LARGE_BYTES = 1e9;

interface DownloadProps {
  readonly file: Artifact;
  /** The file's name inside its folder. */
  readonly label: string;
}

/** Saves a file: by a plain link where that is allowed, which leaves the transfer to the browser, else with the tab's key. */
export function Download({ file, label }: DownloadProps) {
  const { job } = useJob();
  const size = formatBytes(file.size_bytes);
  if (apiKey.read() === null) {
    const path = file.name.split("/").map(encodeURIComponent).join("/");
    return (
      <a
        className={buttonLink("quiet")}
        href={`/v1/jobs/${job.id}/artifacts/${path}`}
        download
        aria-label={`Download ${label}, ${size}`}
      >
        Download
      </a>
    );
  }
  if (file.size_bytes > LARGE_BYTES && !writesAsItArrives()) {
    return <span className={styles.note}>Too large for this browser: use espalier pull</span>;
  }
  return <KeyedDownload file={file} label={`Download ${label}, ${size}`} />;
}

function KeyedDownload({ file, label }: DownloadProps) {
  const { job } = useJob();
  const { client } = useApi();
  const [share, setShare] = useState<number>();
  const [failure, setFailure] = useState<string>();
  const running = useRef<AbortController>(undefined);
  const start = async () => {
    const stop = new AbortController();
    running.current = stop;
    setFailure(undefined);
    setShare(0);
    try {
      await saveArtifact(client, {
        jobId: job.id,
        name: file.name,
        signal: stop.signal,
        onProgress: (bytes) => setShare(bytes / Math.max(1, file.size_bytes)),
      });
    } catch (error) {
      if (!stop.signal.aborted) setFailure(describe(error instanceof Error ? error : new Error(String(error))));
    }
    setShare(undefined);
  };
  if (share === undefined) {
    return (
      <>
        <Button look="quiet" onClick={() => void start()} aria-label={label}>
          Download
        </Button>
        {failure !== undefined && (
          <p role="alert" className={styles.failure}>
            {failure}
          </p>
        )}
      </>
    );
  }
  return (
    <Button look="quiet" onClick={() => running.current?.abort()} aria-label={`Stop: ${label}`}>
      {Math.floor(share * 100)} % · Stop
    </Button>
  );
}
