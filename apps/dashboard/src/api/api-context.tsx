import type { ApiClient } from "@espalier/client";
import { createContext, type ReactNode, use } from "react";

/** Where the page has its data from. */
export interface Api {
  readonly client: ApiClient;
  /** `report`: answers kept in the page itself; nothing moves, and nothing can be asked of the service. */
  readonly source: "service" | "report";
}

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
