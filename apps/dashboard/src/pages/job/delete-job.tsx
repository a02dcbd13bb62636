import type { Job } from "@espalier/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useApi } from "../../api/api-context.js";
import { jobKey } from "../../api/job-queries.js";
import { Button } from "../../ui/button.js";
import { ConfirmDialog } from "../../ui/confirm-dialog.js";
import { describe } from "../../ui/loaded.js";
import { Message } from "../../ui/message.js";

/** Deletes a job that has ended, with all that it found. */
export function DeleteJob({ job: { id, name } }: { readonly job: Job }) {
  const { client } = useApi();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [isAsked, setIsAsked] = useState(false);
  const remove = useMutation({
    mutationFn: () => client.DELETE("/v1/jobs/{id}", { params: { path: { id } } }),
    onSuccess: async () => {
      await navigate({ to: "/jobs" });
      queries.removeQueries({ queryKey: jobKey(id) });
      await queries.invalidateQueries({ queryKey: ["jobs"] });
    },
  });
  return (
    <>
      <Button look="quiet" disabled={remove.isPending} onClick={() => setIsAsked(true)}>
        Delete
      </Button>
      {isAsked && (
        <ConfirmDialog
          title={`Delete ${name ?? id}?`}
          text="Its trials, its files and everything that it found go. This cannot be undone: download the model first, or write a report."
          yes="Delete the job"
          look="danger"
          onAnswer={(yes) => {
            setIsAsked(false);
            if (yes) remove.mutate();
          }}
        />
      )}
      {remove.error !== null && (
        <Message title="It was not deleted" tone="error">
          {describe(remove.error)}
        </Message>
      )}
    </>
  );
}
