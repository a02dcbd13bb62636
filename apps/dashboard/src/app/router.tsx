import { createRouter, type RouterHistory } from "@tanstack/react-router";
import { PageSkeleton } from "../ui/skeleton.js";
import { NotFound } from "./not-found.js";
import { RouteError } from "./route-error.js";
import { routeTree } from "./routes.js";

/** Pages by URL; the URL holds all that a view shows, so a link shows the same. `history` (default: the URL's path). */
export const makeRouter = (history?: RouterHistory) =>
  createRouter({
    routeTree,
    ...(history !== undefined && { history }),
    defaultPreload: "intent",
    scrollRestoration: true,
    defaultPendingComponent: PageSkeleton,
    defaultNotFoundComponent: NotFound,
    defaultErrorComponent: RouteError,
  });

declare module "@tanstack/react-router" {
  interface Register {
    readonly router: ReturnType<typeof makeRouter>;
  }
}
