import type { FastifyInstance } from "fastify";

/** A route's pattern as a regular expression: `:id` is one segment, `*` is the rest. */
function toExpression(pattern: string): RegExp {
  const source = pattern
    .split("/")
    .map((part) => (part === "*" ? ".*" : part.startsWith(":") ? "[^/]+" : part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")))
    .join("/");
  return new RegExp(`^${source}$`);
}

/** Collects routes as they are added; the answer tells which methods a path knows, for 405 and its `Allow` header. */
export function makeAllowedMethods(app: FastifyInstance): (path: string) => readonly string[] {
  const known = new Map<string, { readonly expression: RegExp; readonly methods: Set<string> }>();
  app.addHook("onRoute", ({ url, method }) => {
    const entry = known.get(url) ?? { expression: toExpression(url), methods: new Set<string>() };
    for (const name of [method].flat()) entry.methods.add(name);
    known.set(url, entry);
  });
  return (path) => {
    const matching = [...known.values()].filter(({ expression }) => expression.test(path));
    return [...new Set(matching.flatMap(({ methods }) => [...methods]))].sort();
  };
}
