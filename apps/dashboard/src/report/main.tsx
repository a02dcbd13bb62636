import { createHashHistory } from "@tanstack/react-router";
import { renderApp } from "../app/render-app.js";
import { makeRouter } from "../app/router.js";
import { readRecording, reportApi } from "./read-recording.js";

const recording = readRecording();
// A file has no paths: pages are told apart behind the #.
const history = createHashHistory();
if (history.location.pathname === "/") history.replace(`/jobs/${recording.job_id}`);
renderApp(reportApi(recording), makeRouter(history));
