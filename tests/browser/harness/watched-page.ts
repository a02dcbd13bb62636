import type { Browser, BrowserContextOptions, Page } from "playwright-core";

/** What the page said, or did, that a page without faults does not. */
export interface WatchedPage {
  readonly page: Page;
  /** From now on what matches is no fault: a test that takes the service away expects failed requests. */
  expectProblems(pattern: RegExp): void;
  /** Throws with every fault since the start, or since it was last called. */
  expectNoProblems(): void;
  close(): Promise<void>;
}

const LONGEST_WAIT_MS = 30_000;

/**
 * Opens a page at `base` that notes console errors, thrown errors, violations of the content security policy, failed
 * requests and requests to any other host. A request that the page itself gave up is none.
 */
export async function openWatched(
  browser: Browser,
  base: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ baseURL: base, reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(LONGEST_WAIT_MS);
  const page = await context.newPage();
  const problems: string[] = [];
  const expected: RegExp[] = [];
  const note = (problem: string) => {
    if (!expected.some((pattern) => pattern.test(problem))) problems.push(problem);
  };

  const { origin, protocol } = new URL(base);
  const own = protocol === "file:" ? base : `${origin}/`;
  page.on("console", (message) => {
    if (message.type() === "error") note(`console: ${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => note(`thrown: ${error.stack ?? error.message}`));
  page.on("crash", () => note("the page crashed"));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(own) && !/^(?:data|blob):/.test(url)) note(`request to another host: ${url}`);
  });
  page.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText ?? "";
    if (reason !== "net::ERR_ABORTED") note(`request failed: ${request.url()} ${reason}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) note(`answer ${response.status()}: ${response.url()}`);
  });
  await context.exposeFunction("espalierNoteViolation", note);
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile }) => {
      const { espalierNoteViolation } = globalThis as unknown as { espalierNoteViolation(problem: string): void };
      espalierNoteViolation(`policy: ${violatedDirective} blocks ${blockedURI} in ${sourceFile}`);
    });
  });

  return {
    page,
    expectProblems: (pattern) => expected.push(pattern),
    expectNoProblems: () => {
      const found = problems.splice(0);
      if (found.length > 0) throw new Error(`the page is not without faults:\n${found.join("\n")}`);
    },
    close: () => context.close(),
  };
}

/** Waits until the view that stands at the page's URL is there, with its data. */
export async function shown(page: Page): Promise<void> {
  await page.locator('main :is(h1, [role="status"])').first().waitFor();
  await page.waitForFunction(() => !document.querySelector("main")?.textContent.includes("Reading…"));
}

/** The same for a view with a chart, which is loaded after the view. */
export async function drawn(page: Page): Promise<void> {
  await shown(page);
  await page.locator('main [role="img"] canvas').first().waitFor();
}
