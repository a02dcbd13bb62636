// Part of `npm run openapi`: writes docs/search-space.md from the built space into the folder that is named.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { defaultMetrics } from "../packages/pruning/dist/search-context/default-metrics.js";
import { spaceDocument } from "../packages/pruning/dist/space/document/space-document.js";

const [folder = "docs"] = process.argv.slice(2);
await writeFile(join(folder, "search-space.md"), spaceDocument(defaultMetrics({ layers: [] })));
