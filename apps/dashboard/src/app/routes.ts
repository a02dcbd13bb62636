import { createRootRoute, createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { Shell } from "../layout/shell.js";
import { artefactsSearch } from "../pages/job/artefacts/artefacts-search.js";
import { calibrationSearch } from "../pages/job/calibration/calibration-search.js";
import { comparisonSearch } from "../pages/job/comparison/comparison-search.js";
import { frontSearch } from "../pages/job/front/front-search.js";
import { layersSearch } from "../pages/job/layers/layers-search.js";
import { searchSearch } from "../pages/job/search/search-search.js";
import { trialsSearch } from "../pages/job/trials/trials-search.js";
import { jobsSearch } from "../pages/jobs/jobs-search.js";
import { newJobSearch } from "../pages/new-job/new-job-search.js";
import { webhookSearch } from "../pages/webhooks/webhook-search.js";

const root = createRootRoute({ component: Shell });

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/jobs", replace: true });
  },
});

const jobs = createRoute({
  getParentRoute: () => root,
  path: "/jobs",
  validateSearch: jobsSearch,
  component: lazyRouteComponent(() => import("../pages/jobs/jobs-page.js"), "JobsPage"),
});

const newJob = createRoute({
  getParentRoute: () => root,
  path: "/jobs/new",
  validateSearch: newJobSearch,
  component: lazyRouteComponent(() => import("../pages/new-job/new-job-page.js"), "NewJobPage"),
});

const job = createRoute({
  getParentRoute: () => root,
  path: "/jobs/$id",
  component: lazyRouteComponent(() => import("../pages/job/job-page.js"), "JobPage"),
});

const overview = createRoute({
  getParentRoute: () => job,
  path: "/",
  component: lazyRouteComponent(() => import("../pages/job/overview/overview-page.js"), "OverviewPage"),
});

const search = createRoute({
  getParentRoute: () => job,
  path: "/search",
  validateSearch: searchSearch,
  component: lazyRouteComponent(() => import("../pages/job/search/search-page.js"), "SearchPage"),
});

const front = createRoute({
  getParentRoute: () => job,
  path: "/front",
  validateSearch: frontSearch,
  component: lazyRouteComponent(() => import("../pages/job/front/front-page.js"), "FrontPage"),
});

const layers = createRoute({
  getParentRoute: () => job,
  path: "/layers",
  validateSearch: layersSearch,
  component: lazyRouteComponent(() => import("../pages/job/layers/layers-page.js"), "LayersPage"),
});

const calibration = createRoute({
  getParentRoute: () => job,
  path: "/calibration",
  validateSearch: calibrationSearch,
  component: lazyRouteComponent(() => import("../pages/job/calibration/calibration-page.js"), "CalibrationPage"),
});

const racing = createRoute({
  getParentRoute: () => job,
  path: "/racing",
  component: lazyRouteComponent(() => import("../pages/job/racing/racing-page.js"), "RacingPage"),
});

const trials = createRoute({
  getParentRoute: () => job,
  path: "/trials",
  validateSearch: trialsSearch,
  component: lazyRouteComponent(() => import("../pages/job/trials/trials-page.js"), "TrialsPage"),
});

const trial = createRoute({
  getParentRoute: () => job,
  path: "/trials/$number",
  component: lazyRouteComponent(() => import("../pages/job/trial/trial-page.js"), "TrialPage"),
});

const comparison = createRoute({
  getParentRoute: () => job,
  path: "/comparison",
  validateSearch: comparisonSearch,
  component: lazyRouteComponent(() => import("../pages/job/comparison/comparison-page.js"), "ComparisonPage"),
});

const artefacts = createRoute({
  getParentRoute: () => job,
  path: "/artefacts",
  validateSearch: artefactsSearch,
  component: lazyRouteComponent(() => import("../pages/job/artefacts/artefacts-page.js"), "ArtefactsPage"),
});

const webhooks = createRoute({
  getParentRoute: () => root,
  path: "/webhooks",
  component: lazyRouteComponent(() => import("../pages/webhooks/webhooks-page.js"), "WebhooksPage"),
});

const webhook = createRoute({
  getParentRoute: () => root,
  path: "/webhooks/$id",
  validateSearch: webhookSearch,
  component: lazyRouteComponent(() => import("../pages/webhooks/webhook-page.js"), "WebhookPage"),
});

const keys = createRoute({
  getParentRoute: () => root,
  path: "/keys",
  component: lazyRouteComponent(() => import("../pages/keys/keys-page.js"), "KeysPage"),
});

const health = createRoute({
  getParentRoute: () => root,
  path: "/health",
  component: lazyRouteComponent(() => import("../pages/health/health-page.js"), "HealthPage"),
});

/** Every page. What a page can be asked in its URL stands in its own `…-search.ts`, as `validateSearch` of the route. */
export const routeTree = root.addChildren([
  home,
  jobs,
  newJob,
  job.addChildren([overview, search, front, layers, calibration, racing, trials, trial, comparison, artefacts]),
  webhooks,
  webhook,
  keys,
  health,
]);
