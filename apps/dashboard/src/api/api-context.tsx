import type { ApiClient } from "@espalier/client";
import { createContext, type ReactNode, use } from "react";

/** Where the page has its data from: `report` is answers kept in the page itself, where nothing moves or can be told. */
export type Api =
  | { readonly client: ApiClient; readonly source: "service" }
  | { readonly client: ApiClient; readonly source: "report"; readonly recordedAt: Date };

const ApiContext = createContext<Api | null>(null);

export function ApiProvider({ api, children }: { readonly api: Api; readonly children: ReactNode }) {
  return <ApiContext value={api}>{children}</ApiContext>;
}

/** The API that this part of the page speaks to. */
export function useApi(): Api {
  const api = use(ApiContext);
  if (api === null) throw new TypeError("useApi needs an ApiProvider above it");
  return api;
}
