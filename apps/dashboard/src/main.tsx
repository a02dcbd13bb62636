import "./styles/tokens.css";
import "./styles/base.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ApiProvider } from "./api/api-context.js";
import { makeQueryClient } from "./api/query-client.js";
import { serviceApi } from "./api/service-api.js";
import { makeRouter } from "./app/router.js";

const root = document.querySelector("#root");
if (root === null) throw new TypeError("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={makeQueryClient()}>
      <ApiProvider api={serviceApi}>
        <RouterProvider router={makeRouter()} />
      </ApiProvider>
    </QueryClientProvider>
  </StrictMode>,
);
