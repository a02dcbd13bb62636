import type { Browser, BrowserContextOptions } from "playwright-core";
import { type RunningService, startService } from "../../e2e/running-service.js";
import { launchChromium } from "./chromium.js";
import { openWatched, type WatchedPage } from "./watched-page.js";

/** What all tests of the dashboard share: one service, one browser, and the job that the form's test makes. */
export interface Stage {
  readonly service: RunningService;
  readonly browser: Browser;
  /** Of the job that was submitted in the form and has succeeded. */
  jobId: string;
  /** Opens a page of its own; it has to be without faults when the test ends. */
  withPage(work: (watched: WatchedPage) => Promise<void>, options?: PageOptions): Promise<void>;
  close(): Promise<void>;
}

export interface PageOptions extends BrowserContextOptions {
  /** Where the dashboard is; the service itself without it. */
  readonly base?: string;
}

/** Starts the service and the browser side by side. */
export async function openStage(): Promise<Stage> {
  const [service, browser] = await Promise.all([startService(), launchChromium()]);
  return {
    service,
    browser,
    jobId: "",
    withPage: async (work, { base = service.url, ...options } = {}) => {
      const watched = await openWatched(browser, base, options);
      try {
        await work(watched);
        watched.expectNoProblems();
      } finally {
        await watched.close();
      }
    },
    close: async () => {
      await browser.close();
      await service.stop();
    },
  };
}
