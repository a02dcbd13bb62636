import type { ApiClient, Job } from "@espalier/client";

/** A request that is yet to be sent. */
export type Call = () => Promise<{ readonly data?: unknown }>;

/** Points that the charts are drawn with at most. */
const POINTS = 2000;
/** As many as the overview shows. */
const EVENTS = 40;

/** What the pages of a job ask for when they are opened, see apps/dashboard/src/api; tests/browser opens them all. */
export function viewsOf(api: ApiClient, { id, event_sequence }: Job): readonly Call[] {
  const path = { id };
  const params = { path };
  const after = Math.max(0, event_sequence - EVENTS);
  return [
    () => api.GET("/v1/jobs/{id}/history", { params: { path, query: { points: POINTS } } }),
    () => api.GET("/v1/jobs/{id}/pareto", { params }),
    () => api.GET("/v1/jobs/{id}/importance", { params }),
    () => api.GET("/v1/jobs/{id}/parallel", { params }),
    () => api.GET("/v1/jobs/{id}/layers", { params }),
    () => api.GET("/v1/jobs/{id}/calibration", { params }),
    () => api.GET("/v1/jobs/{id}/comparison", { params }),
    () => api.GET("/v1/jobs/{id}/artifacts", { params }),
    () => api.GET("/v1/jobs/{id}/events", { params: { path, query: { after, limit: 200 } } }),
  ];
}

/** What the pages of single trials ask for. */
export const trialViewsOf = (api: ApiClient, id: string, trials: readonly number[]): readonly Call[] =>
  trials.flatMap((number) => [
    () => api.GET("/v1/jobs/{id}/trials/{number}", { params: { path: { id, number } } }),
    () => api.GET("/v1/jobs/{id}/events", { params: { path: { id }, query: { trial: number } } }),
    () => api.GET("/v1/jobs/{id}/layers", { params: { path: { id }, query: { trial: number } } }),
  ]);

/** What the page of artefacts asks for when a card is opened. */
export const cardViewsOf = (api: ApiClient, id: string, names: readonly string[]): readonly Call[] =>
  names.map((name) => () => {
    return api.GET("/v1/jobs/{id}/artifacts/{name}", { params: { path: { id, name } }, parseAs: "text" });
  });
