import { Link } from "@tanstack/react-router";
import { useJob } from "./job-context.js";

/** A trial's number, leading to its page. */
export function TrialLink({ number }: { readonly number: number }) {
  const { job } = useJob();
  return (
    <Link to="/jobs/$id/trials/$number" params={{ id: job.id, number: String(number) }}>
      {number}
    </Link>
  );
}
