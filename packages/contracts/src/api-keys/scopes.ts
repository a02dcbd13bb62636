import { z } from "zod";

/** What a key may be allowed to do. Every operation of the API names the one that it needs. */
export const apiScopes = ["jobs:read", "jobs:write", "artifacts:read", "webhooks:write", "admin"] as const;
export const apiScope = z.enum(apiScopes).meta({
  id: "ApiScope",
  description:
    "`jobs:read`: jobs, trials, events, models, corpora and the state of the service. `jobs:write`: submit and steer jobs. " +
    "`artifacts:read`: list and download files. `webhooks:write`: endpoints and their log. " +
    "`admin`: API keys, and everything else too, since it can make a key for it",
});
export type ApiScope = z.infer<typeof apiScope>;

/** Whether a key with these scopes may do what needs `needed`; `admin` includes the others. */
export const allows = (granted: readonly ApiScope[], needed: ApiScope): boolean =>
  granted.includes(needed) || granted.includes("admin");
