/** Folder of the built page: `npm run build` fills it. */
export const dashboardFolder = new URL("dist/app/", import.meta.url);
