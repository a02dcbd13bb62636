import { AppError, type CreateJobBody, type FieldProblem } from "@espalier/contracts";
import { checkUrl, type UrlPolicy } from "@espalier/webhooks";

const repeatedSparsities = ({ target }: CreateJobBody): FieldProblem[] => {
  const list = [target.sparsity].flat();
  return list.flatMap((value, index) =>
    list.indexOf(value) === index
      ? []
      : [{ detail: `Sparsity ${value} is listed twice.`, pointer: `/target/sparsity/${index}` }],
  );
};

const unfitProfiles = ({ export: { profiles }, target }: CreateJobBody): FieldProblem[] =>
  profiles.flatMap((profile, index) => {
    const pointer = `/export/profiles/${index}`;
    if (profiles.indexOf(profile) !== index) return [{ detail: `Profile '${profile}' is listed twice.`, pointer }];
    if (profile !== "uniform" || target.layout === "uniform") return [];
    return [{ detail: "Profile 'uniform' needs target.layout 'uniform'.", pointer }];
  });

/**
 * What a body says against itself, before any file is looked at. Throws VALIDATION_FAILED or WEBHOOK_URL_REFUSED with
 * JSON Pointers.
 */
export function checkBody(body: CreateJobBody, webhookPolicy: UrlPolicy): void {
  const errors = [...repeatedSparsities(body), ...unfitProfiles(body)];
  if (errors[0] !== undefined) throw new AppError("VALIDATION_FAILED", errors[0].detail, { errors });
  body.webhooks.forEach(({ url }, index) => void checkUrl(url, webhookPolicy, `/webhooks/${index}/url`));
}
