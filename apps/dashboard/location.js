/** Folder of the built page: `npm run build` fills it. */
export const dashboardFolder = new URL("dist/app/", import.meta.url);

/** Folder of the script and the style of a report: `npm run build` fills it. */
export const reportFolder = new URL("dist/report/", import.meta.url);
