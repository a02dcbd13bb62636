import type { Page } from "playwright-core";

/** A view of the large job, and what stands on it once its data is there. */
export interface LargeView {
  readonly name: string;
  /** Below the job's own path. */
  readonly path: string;
  /** CSS. */
  readonly content: string;
}

const CHART = 'main [role="img"] canvas';

export const largeViews: readonly LargeView[] = [
  { name: "overview", path: "", content: 'article[aria-label^="At "]' },
  { name: "history", path: "/search", content: CHART },
  { name: "parallel", path: "/search?view=parallel", content: CHART },
  { name: "importance", path: "/search?view=importance", content: CHART },
  { name: "slices", path: "/search?view=slices", content: CHART },
  { name: "front", path: "/front", content: CHART },
  { name: "layers", path: "/layers", content: CHART },
  { name: "trials", path: "/trials", content: 'tbody tr[aria-busy="false"] td' },
  { name: "trials, best first", path: "/trials?sort=score", content: 'tbody tr[aria-busy="false"] td' },
  { name: "trial", path: "/trials/4321", content: "main h2" },
];

/** An answer of the API that a view waited for. */
export interface Answer {
  readonly path: string;
  readonly milliseconds: number;
}

export interface FirstView {
  /** From the start of the navigation to the frame after the content was there. */
  readonly milliseconds: number;
  readonly answers: readonly Answer[];
}

/** Opens a view in a page that has seen nothing yet. */
export async function openFirst(page: Page, url: string, content: string): Promise<FirstView> {
  const answers: Answer[] = [];
  page.on("requestfinished", (request) => {
    const { pathname, search } = new URL(request.url());
    const { responseEnd } = request.timing();
    if (pathname.startsWith("/v1/")) answers.push({ path: `${pathname}${search}`, milliseconds: responseEnd });
  });
  await page.addInitScript((selector) => {
    const look = () => {
      if (document.querySelector(selector) === null) return requestAnimationFrame(look);
      // What is in the document in one frame is painted by its end, so before the next one's end.
      return requestAnimationFrame(() =>
        requestAnimationFrame((now) => Object.assign(globalThis, { espalierPainted: now })),
      );
    };
    requestAnimationFrame(look);
  }, content);
  await page.goto(url, { waitUntil: "commit" });
  const painted = await page.waitForFunction(
    () => (globalThis as { espalierPainted?: number }).espalierPainted,
    undefined,
    { timeout: 120_000 },
  );
  return { milliseconds: (await painted.jsonValue()) ?? Number.NaN, answers };
}
