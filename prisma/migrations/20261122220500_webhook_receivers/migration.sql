-- Rotation of signing secrets, redelivery, and a bounded share of the attempts in flight for every receiver's host.
ALTER TABLE "webhook_endpoints" ADD COLUMN "previous_secret" BYTEA,
ADD COLUMN "previous_secret_until" TIMESTAMPTZ(3);

ALTER TABLE "deliveries" ADD COLUMN "host" TEXT,
ADD COLUMN "earlier_attempts" INTEGER NOT NULL DEFAULT 0;

UPDATE "deliveries" AS d SET "host" = lower(substring(r."url" FROM '^[A-Za-z]+://([^/?#]+)'))
FROM (SELECT "id" AS "endpoint_id", NULL::uuid AS "job_webhook_id", "url" FROM "webhook_endpoints"
      UNION ALL SELECT NULL, "id", "url" FROM "job_webhooks") AS r
WHERE d."endpoint_id" = r."endpoint_id" OR d."job_webhook_id" = r."job_webhook_id";

ALTER TABLE "deliveries" ALTER COLUMN "host" SET NOT NULL;

CREATE TABLE "receiver_hosts" (
    "host" TEXT NOT NULL,
    "last_seconds" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "receiver_hosts_pkey" PRIMARY KEY ("host")
);

-- From here on by hand: what the schema language cannot say.

ALTER TABLE "webhook_endpoints"
  ADD CONSTRAINT "webhook_endpoints_previous_check" CHECK (("previous_secret" IS NULL) = ("previous_secret_until" IS NULL));

ALTER TABLE "deliveries"
  ADD CONSTRAINT "deliveries_earlier_check" CHECK ("earlier_attempts" BETWEEN 0 AND "attempts");

-- What is due is looked up host by host, so that a long list of one receiver hides no other.
DROP INDEX "deliveries_due_idx";
CREATE INDEX "deliveries_due_idx" ON "deliveries"("host", "next_attempt_at") WHERE "state" = 'pending';
CREATE INDEX "deliveries_in_flight_idx" ON "deliveries"("host") WHERE "state" = 'pending' AND "lease_until" IS NOT NULL;
