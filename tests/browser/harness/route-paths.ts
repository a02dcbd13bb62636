import { repository } from "../../e2e/repository.js";

interface RouteNode {
  readonly options?: { readonly path?: string; readonly component?: unknown };
  readonly children?: readonly RouteNode[] | Readonly<Record<string, RouteNode>>;
}

const below = ({ children }: RouteNode): readonly RouteNode[] => Object.values(children ?? {});

function pathsOf(node: RouteNode, parent: string): readonly string[] {
  const path = `${parent}/${node.options?.path ?? ""}`.replaceAll(/\/+/g, "/");
  const children = below(node);
  if (children.length > 0) return children.flatMap((child) => pathsOf(child, path));
  return node.options?.component === undefined ? [] : [path.replace(/(?<=.)\/$/, "")];
}

/** Paths of all pages, from the dashboard's own route tree; what only redirects is none. */
export async function routePaths(): Promise<readonly string[]> {
  // Not a literal: the dashboard is typed for browsers, by a configuration of its own.
  const file = repository("apps/dashboard/src/app/routes.ts");
  const { routeTree } = (await import(file)) as { readonly routeTree: RouteNode };
  return pathsOf(routeTree, "");
}
