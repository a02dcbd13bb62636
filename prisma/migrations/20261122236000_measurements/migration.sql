-- What kinds of workers there are, how fast each does arithmetic, and how long finished work took them: for estimates.
CREATE TABLE "compute_devices" (
    "id" TEXT NOT NULL,
    "machine" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "threads" INTEGER NOT NULL,
    "concurrency" INTEGER NOT NULL,
    "memory_bytes" BIGINT NOT NULL,
    "versions" TEXT NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "compute_devices_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "compute_devices_seen_at_idx" ON "compute_devices"("seen_at");

CREATE TABLE "measured_rates" (
    "device_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "scale" DOUBLE PRECISION NOT NULL,
    "operations" DOUBLE PRECISION NOT NULL,
    "seconds" DOUBLE PRECISION NOT NULL,
    "measured_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "measured_rates_pkey" PRIMARY KEY ("device_id","kind","scale")
);

ALTER TABLE "measured_rates" ADD CONSTRAINT "measured_rates_device_id_fkey" FOREIGN KEY ("device_id") REFERENCES "compute_devices"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- One row for each step of a job, summed over its pieces; without a reference to the job, which may be deleted.
CREATE TABLE "measured_work" (
    "device_id" TEXT NOT NULL,
    "step" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "scale" DOUBLE PRECISION NOT NULL,
    "forward" DOUBLE PRECISION NOT NULL,
    "gradients" DOUBLE PRECISION NOT NULL,
    "algebra" DOUBLE PRECISION NOT NULL,
    "seconds" DOUBLE PRECISION NOT NULL,
    "pieces" INTEGER NOT NULL DEFAULT 1,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "measured_work_pkey" PRIMARY KEY ("device_id","step","subject")
);

CREATE INDEX "measured_work_device_id_step_updated_at_idx" ON "measured_work"("device_id", "step", "updated_at");

ALTER TABLE "measured_work" ADD CONSTRAINT "measured_work_device_id_fkey" FOREIGN KEY ("device_id") REFERENCES "compute_devices"("id") ON DELETE CASCADE ON UPDATE CASCADE;
