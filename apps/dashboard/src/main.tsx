import { serviceApi } from "./api/service-api.js";
import { renderApp } from "./app/render-app.js";
import { makeRouter } from "./app/router.js";

renderApp(serviceApi, makeRouter());
