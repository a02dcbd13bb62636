-- The request that submitted a job, and its span: logs and traces of all workers name them.
ALTER TABLE "jobs" ADD COLUMN "request_id" TEXT, ADD COLUMN "trace_parent" TEXT;
