import { z } from "zod";

/** Owner and name of a model on a hub. No `--`, as in the hub's own rule, and no name that begins with a dot. */
export const hubModel = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9][\w.-]{0,95}\/[A-Za-z0-9][\w.-]{0,95}$/, "is not owner/name, such as HuggingFaceTB/SmolLM2-135M")
  .refine((id) => !/--|\.\./.test(id), "holds '--' or '..', which no model on a hub does");

export const hubRevision = z
  .string()
  .max(255)
  .regex(/^\w[\w./-]*$/, "is not a branch, a tag or a commit")
  .refine((revision) => !revision.includes(".."), "holds '..', which no revision does")
  .default("main");

/** Where a job's model comes from. */
export const modelSource = z.union([
  z.strictObject({ path: z.string().min(1).max(1024).describe("Hugging Face folder under a configured model root") }),
  z.strictObject({
    hub: hubModel.describe("`owner/name` on the service's Hugging Face hub, which its operator may have closed"),
    revision: hubRevision.describe("Branch, tag or commit; settled to a commit at submit"),
  }),
]);
export type ModelSource = z.infer<typeof modelSource>;
