/** What the addresses of views name. */
export interface Places {
  readonly jobId: string;
  readonly trial: number;
  readonly webhookId: string;
}

/** One view to look at. */
export interface View {
  /** As in docs/screenshots. */
  readonly name: string;
  readonly path: (places: Places) => string;
  /** A chart is drawn on it, once its job has trials. */
  readonly isChart?: true;
}

const ofJob = (path: string) => (places: Places) => `/jobs/${places.jobId}${path}`;

/** All views by the route that shows them; the tests compare it with the dashboard's own route tree. */
export const views: Readonly<Record<string, readonly View[]>> = {
  "/jobs": [{ name: "jobs", path: () => "/jobs" }],
  "/jobs/new": [{ name: "new-job", path: () => "/jobs/new" }],
  "/jobs/$id": [{ name: "overview", path: ofJob("") }],
  "/jobs/$id/search": [
    { name: "history", path: ofJob("/search"), isChart: true },
    { name: "parallel", path: ofJob("/search?view=parallel"), isChart: true },
    { name: "importance", path: ofJob("/search?view=importance"), isChart: true },
    { name: "slices", path: ofJob("/search?view=slices"), isChart: true },
  ],
  "/jobs/$id/front": [{ name: "front", path: ofJob("/front"), isChart: true }],
  "/jobs/$id/layers": [{ name: "layers", path: ofJob("/layers"), isChart: true }],
  "/jobs/$id/calibration": [{ name: "calibration", path: ofJob("/calibration") }],
  "/jobs/$id/racing": [{ name: "racing", path: ofJob("/racing") }],
  "/jobs/$id/trials": [{ name: "trials", path: ofJob("/trials") }],
  "/jobs/$id/trials/$number": [{ name: "trial", path: (places) => ofJob(`/trials/${places.trial}`)(places) }],
  "/jobs/$id/comparison": [{ name: "comparison", path: ofJob("/comparison") }],
  "/jobs/$id/artefacts": [{ name: "artefacts", path: ofJob("/artefacts") }],
  "/webhooks": [{ name: "webhooks", path: () => "/webhooks" }],
  "/webhooks/$id": [{ name: "webhook", path: ({ webhookId }) => `/webhooks/${webhookId}` }],
  "/keys": [{ name: "keys", path: () => "/keys" }],
  "/health": [{ name: "health", path: () => "/health" }],
};

export const allViews: readonly View[] = Object.values(views).flat();
