import { apiKeyId, endpointId, jobId, messageId } from "@espalier/contracts";
import { z } from "zod";

export const jobParams = z.strictObject({ id: jobId });
export const apiKeyParams = z.strictObject({ id: apiKeyId });
export const endpointParams = z.strictObject({ id: endpointId });
export const deliveryParams = z.strictObject({ id: endpointId, delivery_id: messageId });
export const trialParams = z.strictObject({
  id: jobId,
  number: z.coerce.number().int().min(0).max(2_147_483_647).describe("Number of the trial in its job"),
});
export const artifactParams = z.strictObject({
  id: jobId,
  "*": z.string().min(1).max(1024).describe("Artefact's name"),
});
