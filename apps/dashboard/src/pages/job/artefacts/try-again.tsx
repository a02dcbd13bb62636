import type { Export } from "@espalier/client";
import { useApi } from "../../../api/api-context.js";
import { useExport } from "../../../api/use-export.js";
import { Button } from "../../../ui/button.js";
import { describe } from "../../../ui/loaded.js";
import { useJob } from "../job-context.js";
import styles from "./artefacts-page.module.css";

/** Asks again for an export that failed. */
export function TryAgain({ made }: { readonly made: Export }) {
  const { job } = useJob();
  const { source } = useApi();
  const { mutate, isPending, error } = useExport(job.id);
  if (source === "report") return null;
  const { trial_number: trial, sparsity, profile } = made;
  return (
    <>
      <Button disabled={isPending} onClick={() => mutate({ trial, sparsity, profile })}>
        {isPending ? "Asking…" : "Try again"}
      </Button>
      {error !== null && (
        <p role="alert" className={styles.failure}>
          {describe(error)}
        </p>
      )}
    </>
  );
}
