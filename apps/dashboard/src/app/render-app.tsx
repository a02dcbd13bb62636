import "../styles/tokens.css";
import "../styles/base.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { type Api, ApiProvider } from "../api/api-context.js";
import { makeQueryClient } from "../api/query-client.js";
import type { makeRouter } from "./router.js";

/** Draws the pages of `router` into `#root`, with data from `api`. */
export function renderApp(api: Api, router: ReturnType<typeof makeRouter>): void {
  const root = document.querySelector("#root");
  if (root === null) throw new TypeError("the page has no #root");
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={makeQueryClient()}>
        <ApiProvider api={api}>
          <RouterProvider router={router} />
        </ApiProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}
