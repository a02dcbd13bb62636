import { afterAll, beforeAll, describe } from "vitest";
import { brushAndFilter } from "./brush-and-filter.js";
import { findChromium } from "./harness/chromium.js";
import { openStage, type Stage } from "./harness/stage.js";
import { lookAtViews } from "./look-at-views.js";
import { openReport } from "./open-report.js";
import { saveFiles } from "./save-files.js";
import { serveSafely } from "./serve-safely.js";
import { submitAndWatch } from "./submit-and-watch.js";

const LONG = 180_000;

/** One service, one browser and one job for all: starting them costs more than most of the tests. */
describe.skipIf(findChromium() === undefined)(
  "the dashboard in Chromium (skipped without one: install it, or say in CHROMIUM where it is)",
  { timeout: LONG },
  () => {
    let stage: Stage;
    const onStage = (): Stage => stage;

    beforeAll(async () => {
      stage = await openStage();
    }, LONG);
    afterAll(() => stage?.close(), LONG);

    // In this order: the first makes the job that the others look at, the last locks the service.
    describe("a job", () => submitAndWatch(onStage));
    describe("charts", () => brushAndFilter(onStage));
    describe("files", () => saveFiles(onStage));
    describe("views", () => lookAtViews(onStage));
    describe("a report", () => openReport(onStage));
    describe("the service", () => serveSafely(onStage));
  },
);
