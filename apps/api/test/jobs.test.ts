import { jobId, newJobId, webhookSecret } from "@espalier/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jobCount, problemOf, smallJob, startService, type TestService } from "./support/service.js";

interface JobsPage {
  data: { id: string; name: string | null }[];
  has_more: boolean;
  next_cursor: string | null;
}

describe("jobs", () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.close());

  const submit = (body: object, headers?: Record<string, string>) =>
    service.post("/v1/jobs", { ...smallJob, ...body }, headers);

  it("are accepted with their place and all defaults settled", async () => {
    const response = await submit({ name: "first", labels: { team: "search" } });
    expect(response.statusCode).toBe(202);
    const { job } = response.json();
    expect(jobId.safeParse(job.id).success).toBe(true);
    expect(response.headers.location).toBe(`/v1/jobs/${job.id}`);
    expect(job).toMatchObject({ name: "first", state: "queued", labels: { team: "search" }, trials: { budget: 3 } });
    expect(job.spec.calibration).toEqual({
      corpus: "tinystories-train.txt",
      windows: 16,
      sequence_length: 64,
      skip_windows: 0,
    });
    expect((await service.store.reconciliation.dueWork(50)).profile).toContainEqual({ jobId: job.id, epoch: 0 });
  });

  it("are refused with a pointer when they start from a job that has not finished", async () => {
    const { id } = (await submit({ name: "running" })).json().job;
    for (const warm_start of [id, newJobId(), "job_1"]) {
      const response = await submit({ search: { trials: 3, warm_start } });
      expect(response.statusCode).toBe(422);
      expect(problemOf(response).errors).toMatchObject([{ pointer: "/search/warm_start" }]);
    }
  });

  it("get signing secrets made for webhooks that name none, shown once", async () => {
    const own = `whsec_${Buffer.alloc(32, 3).toString("base64")}`;
    const response = await submit({
      webhooks: [{ url: "https://example.com/a" }, { url: "https://example.com/b", secret: own }],
    });
    expect(response.statusCode).toBe(202);
    const { job, webhook_secrets } = response.json();
    expect(webhook_secrets).toHaveLength(1);
    expect(webhook_secrets[0].url).toBe("https://example.com/a");
    expect(webhookSecret.safeParse(webhook_secrets[0].secret).success).toBe(true);
    const read = await service.get(`/v1/jobs/${job.id}`);
    expect(read.body).not.toContain("whsec_");
  });

  it("are replayed for the same key and body, quoted or bare", async () => {
    const first = await submit({ name: "once" }, { "idempotency-key": "key-1" });
    const again = await submit({ name: "once" }, { "idempotency-key": '"key-1"' });
    expect(first.headers["idempotency-replayed"]).toBeUndefined();
    expect(again.statusCode).toBe(202);
    expect(again.headers["idempotency-replayed"]).toBe("true");
    expect(again.json().job.id).toBe(first.json().job.id);
    expect(again.headers.location).toBe(first.headers.location);
  });

  it("are refused for the same key with another body, and for a key that is none", async () => {
    await submit({ name: "a" }, { "idempotency-key": "key-2" });
    const other = await submit({ name: "b" }, { "idempotency-key": "key-2" });
    expect(other.statusCode).toBe(422);
    expect(problemOf(other).code).toBe("IDEMPOTENCY_KEY_REUSED");
    const long = await submit({}, { "idempotency-key": "x".repeat(256) });
    expect(long.statusCode).toBe(400);
  });

  it("become one for many parallel posts with one key", async () => {
    const before = await jobCount(service);
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => submit({ name: "many" }, { "idempotency-key": "key-3" })),
    );
    expect(new Set(answers.map((answer) => answer.statusCode))).toEqual(new Set([202]));
    expect(new Set(answers.map((answer) => answer.json().job.id)).size).toBe(1);
    expect(await jobCount(service)).toBe(before + 1);
  });

  it("have an entity tag that changes with them", async () => {
    const { id } = await service.submit();
    const first = await service.get(`/v1/jobs/${id}`);
    const etag = String(first.headers.etag);
    expect(first.statusCode).toBe(200);
    const unchanged = await service.get(`/v1/jobs/${id}`, { "if-none-match": etag });
    expect(unchanged.statusCode).toBe(304);
    expect(unchanged.body).toBe("");
    await service.app.inject({ method: "POST", url: `/v1/jobs/${id}/cancel` });
    const changed = await service.get(`/v1/jobs/${id}`, { "if-none-match": etag });
    expect(changed.statusCode).toBe(200);
    expect(changed.json().job.state).toBe("cancelled");
  });

  it("are cancelled once; again is fine, after another end a conflict", async () => {
    const { id } = await service.submit();
    const cancel = () => service.app.inject({ method: "POST", url: `/v1/jobs/${id}/cancel` });
    expect((await cancel()).json().job.state).toBe("cancelled");
    expect((await cancel()).statusCode).toBe(200);

    const failed = await service.submit();
    await service.store.jobs.fail(failed.id, { code: "INTERNAL", detail: "for the test", stage: "profile" });
    const conflict = await service.app.inject({ method: "POST", url: `/v1/jobs/${failed.id}/cancel` });
    expect(conflict.statusCode).toBe(409);
    expect(problemOf(conflict).code).toBe("JOB_STATE_CONFLICT");
  });

  it("that do not exist are not found, whatever is wrong with their id", async () => {
    for (const id of ["job_01890a5d-ac96-774b-bcce-b302099a8057", "job_1", "1", "%27"]) {
      const response = await service.get(`/v1/jobs/${id}`);
      expect(response.statusCode).toBe(404);
      expect(problemOf(response).code).toBe("JOB_NOT_FOUND");
    }
  });

  it("are listed page by page, newest first, with a link to the next page", async () => {
    for (let index = 0; index < 5; index++) await service.submit({ name: `page ${index}`, labels: { list: "yes" } });
    const seen: (string | null)[] = [];
    let url: string | undefined = "/v1/jobs?label=list:yes&limit=2";
    while (url !== undefined) {
      const response = await service.get(url);
      const page: JobsPage = response.json();
      seen.push(...page.data.map(({ name }) => name));
      expect(page.has_more).toBe(page.next_cursor !== null);
      url = /<([^>]+)>; rel="next"/.exec(String(response.headers.link))?.[1];
    }
    expect(seen).toEqual(["page 4", "page 3", "page 2", "page 1", "page 0"]);
  });

  it("are not listed by forged cursors, or by cursors of another filter", async () => {
    const page: JobsPage = (await service.get("/v1/jobs?limit=1")).json();
    const forged = await service.get(`/v1/jobs?limit=1&cursor=${page.next_cursor}x`);
    expect(forged.statusCode).toBe(422);
    expect(problemOf(forged).code).toBe("CURSOR_INVALID");
    const foreign = await service.get(`/v1/jobs?limit=1&state=queued&cursor=${page.next_cursor}`);
    expect(problemOf(foreign).code).toBe("CURSOR_INVALID");
  });

  it("are listed by known queries only", async () => {
    const response = await service.get("/v1/jobs?limit=0&wat=1");
    expect(response.statusCode).toBe(422);
    expect(problemOf(response).errors?.map(({ pointer }) => pointer)).toEqual(["/limit", "/wat"]);
  });

  it("are listed by model, time and end, and nothing else", async () => {
    const { job } = (await submit({ name: "listed" })).json();
    const list = async (query: string) => {
      const response = await service.get(`/v1/jobs?${query}`);
      expect(response.statusCode, response.body).toBe(200);
      return response.json<JobsPage>().data.map(({ id }) => id);
    };
    const from = encodeURIComponent(job.created_at);
    expect(await list(`model=stories260K&created_from=${from}&sort=-finished_at`)).toContain(job.id);
    expect(await list(`created_before=${from}`)).not.toContain(job.id);
    expect(await list("model=other")).toEqual([]);
    for (const query of ["created_from=yesterday", "sort=name", "created_after=2020-01-01T00:00:00Z"]) {
      const response = await service.get(`/v1/jobs?${query}`);
      expect([response.statusCode, problemOf(response).code]).toEqual([422, "VALIDATION_FAILED"]);
    }
  });
});
