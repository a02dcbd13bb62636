-- Which workers are there: each writes its row every ten seconds and takes it back when it ends.
CREATE TABLE "workers" (
    "id" TEXT NOT NULL,
    "machine" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "threads" INTEGER NOT NULL,
    "concurrency" INTEGER NOT NULL,
    "in_hand" INTEGER NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "workers_pkey" PRIMARY KEY ("id")
);
