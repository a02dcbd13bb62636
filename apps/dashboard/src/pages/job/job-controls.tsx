import type { Job } from "@espalier/client";
import { dataOf } from "@espalier/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useApi } from "../../api/api-context.js";
import { jobKey } from "../../api/job-queries.js";
import { Button } from "../../ui/button.js";
import { ConfirmDialog } from "../../ui/confirm-dialog.js";
import { describe } from "../../ui/loaded.js";
import { Message } from "../../ui/message.js";

type Move = "pause" | "resume" | "finish" | "cancel";

/** Moves that a person thinks about twice. */
const questions = {
  finish: {
    title: "Finish now?",
    text: "The search ends with the best plan so far, which is then measured on the report text and written. Trials that run now are dropped.",
    yes: "Finish now",
    look: "primary",
  },
  cancel: {
    title: "Cancel this job?",
    text: "The search ends and no model is written. Its trials stay readable. This cannot be undone; Finish now keeps the best plan instead.",
    yes: "Cancel the job",
    look: "danger",
  },
} as const;

/** Pause, resume, finish now and cancel of a job that has not ended, as its state allows. */
export function JobControls({ job: { id, state, best } }: { readonly job: Job }) {
  const { client } = useApi();
  const queries = useQueryClient();
  const [asked, setAsked] = useState<keyof typeof questions | null>(null);
  const move = useMutation({
    mutationFn: (to: Move) => dataOf(client.POST(`/v1/jobs/{id}/${to}`, { params: { path: { id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: jobKey(id) }),
  });
  const busy = move.isPending;
  const searches = state === "searching" || state === "paused";
  return (
    <>
      {state === "paused" ? (
        <Button look="primary" disabled={busy} onClick={() => move.mutate("resume")}>
          Resume
        </Button>
      ) : (
        <Button disabled={busy || state !== "searching"} onClick={() => move.mutate("pause")}>
          Pause
        </Button>
      )}
      <Button
        disabled={busy || !searches || best.length === 0}
        title={best.length === 0 ? "Nothing has been found yet" : undefined}
        onClick={() => setAsked("finish")}
      >
        Finish now
      </Button>
      <Button look="danger" disabled={busy} onClick={() => setAsked("cancel")}>
        Cancel
      </Button>
      {asked !== null && (
        <ConfirmDialog
          {...questions[asked]}
          onAnswer={(yes) => {
            setAsked(null);
            if (yes) move.mutate(asked);
          }}
        />
      )}
      {move.error !== null && (
        <Message title="That did not work" tone="error">
          {describe(move.error)}
        </Message>
      )}
    </>
  );
}
