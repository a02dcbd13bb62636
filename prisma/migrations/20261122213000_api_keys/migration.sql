-- Keys of the API, and which of them submitted a job.
CREATE TABLE "api_keys" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "scopes" TEXT[],
    "secret_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("id")
);

ALTER TABLE "jobs" ADD COLUMN "api_key_id" TEXT;

ALTER TABLE "jobs" ADD CONSTRAINT "jobs_api_key_id_fkey" FOREIGN KEY ("api_key_id") REFERENCES "api_keys"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- From here on by hand: what the schema language cannot say.

ALTER TABLE "api_keys"
  ADD CONSTRAINT "api_keys_scopes_check" CHECK (cardinality("scopes") >= 1 AND "scopes" <@ ARRAY['jobs:read', 'jobs:write', 'artifacts:read', 'webhooks:write', 'admin']),
  ADD CONSTRAINT "api_keys_secret_hash_check" CHECK (octet_length("secret_hash") = 32);
