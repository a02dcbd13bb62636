/** Who claims work, for how long, and when it has to stop. */
export interface WorkerIdentity {
  readonly owner: string;
  readonly leaseSeconds: number;
  readonly shutdown: AbortSignal;
}
