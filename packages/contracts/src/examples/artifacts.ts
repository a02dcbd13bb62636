import type { ArtifactView } from "../artifact/artifact-view.js";
import type { CreateExportBody, ExportView } from "../artifact/export-view.js";
import { ENDED, SUBMITTED } from "./ids.js";
import { best } from "./models.js";
import { json, type OperationExample } from "./operation-example.js";

const request: CreateExportBody = { trial: 31, profile: "native" };

const pending: ExportView = {
  name: "trial-31/sparsity-0.2/native",
  trial_number: 31,
  sparsity: 0.2,
  profile: "native",
  state: "pending",
  files: 0,
  size_bytes: 0,
  model: null,
  error: null,
  created_at: SUBMITTED,
  finished_at: null,
};

const model = { ...best, name: "trial 31", trial_number: 31 };
const checks = {
  files: [{ file: "model.safetensors", loss_difference: 2e-8 }],
  runtime: null,
  results: [],
  missing: "no other runtime reads this form",
};
const sizes = { files: 6, size_bytes: 912_384 };
const ready: ExportView = { ...pending, state: "ready", ...sizes, model, checks, finished_at: ENDED };

const file: ArtifactView = {
  name: "trial-31/sparsity-0.2/native/model.safetensors",
  size_bytes: 893_120,
  sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  export: ready.name,
  trial_number: 31,
  sparsity: 0.2,
  profile: "native",
  created_at: ENDED,
};

const bytes = (text: string) => ({ "application/octet-stream": text });

/** Examples of operations on the files of a job. */
export const artifactExamples: Readonly<Record<string, OperationExample>> = {
  listArtifacts: { answers: { 200: json({ data: [file], exports: [ready] }) } },
  createExport: { request, answers: { 200: json({ export: ready }), 202: json({ export: pending }) } },
  downloadArtifact: { answers: { 200: bytes("the whole file"), 206: bytes("the whole") } },
};
