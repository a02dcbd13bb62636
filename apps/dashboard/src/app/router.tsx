import { createRouter } from "@tanstack/react-router";
import { PageSkeleton } from "../ui/skeleton.js";
import { NotFound } from "./not-found.js";
import { RouteError } from "./route-error.js";
import { routeTree } from "./routes.js";

/** Pages by URL; the URL holds all that a view shows, so a link shows the same. */
export const makeRouter = () =>
  createRouter({
    routeTree,
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
