import { Message } from "./message.js";

/** Stands where a report lacks what the service would be asked for. */
export const NotInReport = () => (
  <Message title="Not part of this report" tone="empty">
    A report keeps what a job's pages show at first, its best trials and its Pareto front. The service has the rest.
  </Message>
);
