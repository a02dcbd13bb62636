import { expect, it } from "vitest";
import { graveFindings, sidewaysScroll } from "./harness/accessibility.js";
import { routePaths } from "./harness/route-paths.js";
import type { Stage } from "./harness/stage.js";
import { allViews, type Places, type View, views } from "./harness/views.js";
import { drawn, shown, type WatchedPage } from "./harness/watched-page.js";

const sizes = [
  { width: 1440, height: 900 },
  { width: 360, height: 780 },
];

async function placesOf({ service, jobId }: Stage): Promise<Places> {
  const job = await service.job(jobId);
  const hook = { url: "http://127.0.0.1:9/nobody", events: ["job.succeeded" as const] };
  const { data } = await service.api.POST("/v1/webhook-endpoints", { body: hook });
  return { jobId, trial: job.best[0].trial_number ?? 0, webhookId: data?.endpoint.id ?? "" };
}

/** What only a person with other eyes, ears or hands would notice, in both themes. */
async function findingsOn({ page }: WatchedPage, width: number): Promise<readonly string[]> {
  const light = await graveFindings(page);
  await page.emulateMedia({ colorScheme: "dark" });
  // The themes differ in colours alone.
  const dark = await graveFindings(page, ["color-contrast"]);
  await page.emulateMedia({ colorScheme: "light" });
  const aside = await sidewaysScroll(page);
  return [
    ...light.map((finding) => `light, ${width} px: ${finding}`),
    ...dark.map((finding) => `dark, ${width} px: ${finding}`),
    ...(aside > 0 ? [`${width} px: the page can be scrolled ${aside} px sideways`] : []),
  ];
}

/** Opens every view of the finished job, wide and narrow, light and dark. */
export function lookAtViews(stage: () => Stage): void {
  it("has a view here for every route of the dashboard", async () => {
    expect((await routePaths()).toSorted()).toEqual(Object.keys(views).toSorted());
  });

  let places: Promise<Places> | undefined;
  const open = async (watched: WatchedPage, { path, isChart }: View) => {
    places ??= placesOf(stage());
    await watched.page.goto(path(await places));
    await (isChart ? drawn : shown)(watched.page);
  };

  it.each(allViews)("shows $name without a grave finding, in both themes, wide and narrow", async (view) => {
    const findings: string[] = [];
    for (const viewport of sizes) {
      const look = async (watched: WatchedPage) => {
        await open(watched, view);
        findings.push(...(await findingsOn(watched, viewport.width)));
      };
      await stage().withPage(look, { viewport, colorScheme: "light" });
    }
    expect(findings).toEqual([]);
  });
}
