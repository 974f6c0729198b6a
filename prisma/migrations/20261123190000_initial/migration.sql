-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "connection_kind" AS ENUM ('kafka', 'elasticsearch');

-- CreateEnum
CREATE TYPE "deployment_state" AS ENUM ('stopped', 'starting', 'running', 'publishing', 'stopping', 'attention');

-- CreateEnum
CREATE TYPE "desired_run_state" AS ENUM ('running', 'stopped');

-- CreateEnum
CREATE TYPE "step_state" AS ENUM ('waiting', 'running', 'done', 'failed');

-- CreateTable
CREATE TABLE "users" (
    "id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sessions" (
    "hash" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "sign_in_tokens" (
    "hash" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sign_in_tokens_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "connections" (
    "id" TEXT NOT NULL,
    "kind" "connection_kind" NOT NULL,
    "label" TEXT NOT NULL,
    "settings" JSONB NOT NULL,
    "version" INTEGER NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "connections_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "connection_secrets" (
    "connection_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "key_id" TEXT NOT NULL,
    "wrapped_key" BYTEA NOT NULL,
    "ciphertext" BYTEA NOT NULL,

    CONSTRAINT "connection_secrets_pkey" PRIMARY KEY ("connection_id","name")
);

-- CreateTable
CREATE TABLE "pipelines" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "pipelines_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "drafts" (
    "pipeline_id" TEXT NOT NULL,
    "graph" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "checksum" TEXT NOT NULL,
    "nodes" INTEGER NOT NULL,
    "errors" INTEGER NOT NULL,
    "catalogue" TEXT NOT NULL,
    "saved_at" TIMESTAMPTZ(3) NOT NULL,
    "saved_by" TEXT NOT NULL,

    CONSTRAINT "drafts_pkey" PRIMARY KEY ("pipeline_id")
);

-- CreateTable
CREATE TABLE "versions" (
    "pipeline_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "graph" TEXT NOT NULL,
    "checksum" TEXT NOT NULL,
    "catalogue" TEXT NOT NULL,
    "plan" TEXT NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL,
    "published_by" TEXT NOT NULL,

    CONSTRAINT "versions_pkey" PRIMARY KEY ("pipeline_id","version")
);

-- CreateTable
CREATE TABLE "deployments" (
    "id" TEXT NOT NULL,
    "pipeline_id" TEXT NOT NULL,
    "state" "deployment_state" NOT NULL DEFAULT 'stopped',
    "reason" TEXT,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "version" INTEGER,
    "generation" INTEGER NOT NULL DEFAULT 0,
    "run" INTEGER NOT NULL DEFAULT 0,
    "last_generation" INTEGER NOT NULL DEFAULT 0,
    "last_run" INTEGER NOT NULL DEFAULT 0,
    "next_stage_number" INTEGER NOT NULL DEFAULT 1,
    "partitions" INTEGER,
    "desired" "desired_run_state",
    "drain_generation" INTEGER,
    "drain_discard" BOOLEAN NOT NULL DEFAULT false,
    "sequence" INTEGER NOT NULL DEFAULT 0,
    "operation_id" TEXT,

    CONSTRAINT "deployments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "generations" (
    "deployment_id" TEXT NOT NULL,
    "generation" INTEGER NOT NULL,
    "run" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "spec" TEXT NOT NULL,
    "topics" TEXT,
    "facts" TEXT NOT NULL,

    CONSTRAINT "generations_pkey" PRIMARY KEY ("deployment_id","generation")
);

-- CreateTable
CREATE TABLE "sink_targets" (
    "connection_id" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "incarnation" INTEGER NOT NULL,

    CONSTRAINT "sink_targets_pkey" PRIMARY KEY ("connection_id","target")
);

-- CreateTable
CREATE TABLE "operations" (
    "id" TEXT NOT NULL,
    "deployment_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "version" INTEGER,
    "generation" INTEGER,
    "failed_generation" INTEGER,
    "previous_generation" INTEGER NOT NULL,
    "previous_state" "deployment_state" NOT NULL,
    "requested_by" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "outcome" TEXT,
    "failure" TEXT,
    "unread" INTEGER,
    "answered_at" TIMESTAMPTZ(3),

    CONSTRAINT "operations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "operation_steps" (
    "operation_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "state" "step_state" NOT NULL DEFAULT 'waiting',
    "detail" TEXT,
    "started_at" TIMESTAMPTZ(3),

    CONSTRAINT "operation_steps_pkey" PRIMARY KEY ("operation_id","position")
);

-- CreateTable
CREATE TABLE "outbox" (
    "id" BIGSERIAL NOT NULL,
    "operation_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "status_events" (
    "deployment_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "kind" TEXT NOT NULL,
    "message" TEXT NOT NULL,

    CONSTRAINT "status_events_pkey" PRIMARY KEY ("deployment_id","id")
);

-- CreateTable
CREATE TABLE "metric_samples" (
    "deployment_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "frame" TEXT NOT NULL,

    CONSTRAINT "metric_samples_pkey" PRIMARY KEY ("deployment_id","at")
);

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

-- CreateIndex
CREATE INDEX "sessions_user_id_idx" ON "sessions"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "deployments_pipeline_id_key" ON "deployments"("pipeline_id");

-- CreateIndex
CREATE INDEX "operations_deployment_id_started_at_idx" ON "operations"("deployment_id", "started_at");

-- CreateIndex
CREATE INDEX "status_events_deployment_id_at_idx" ON "status_events"("deployment_id", "at");

-- CreateIndex
CREATE INDEX "metric_samples_at_idx" ON "metric_samples"("at");

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sign_in_tokens" ADD CONSTRAINT "sign_in_tokens_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connection_secrets" ADD CONSTRAINT "connection_secrets_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "drafts" ADD CONSTRAINT "drafts_pipeline_id_fkey" FOREIGN KEY ("pipeline_id") REFERENCES "pipelines"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "versions" ADD CONSTRAINT "versions_pipeline_id_fkey" FOREIGN KEY ("pipeline_id") REFERENCES "pipelines"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deployments" ADD CONSTRAINT "deployments_pipeline_id_fkey" FOREIGN KEY ("pipeline_id") REFERENCES "pipelines"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "generations" ADD CONSTRAINT "generations_deployment_id_fkey" FOREIGN KEY ("deployment_id") REFERENCES "deployments"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "operations" ADD CONSTRAINT "operations_deployment_id_fkey" FOREIGN KEY ("deployment_id") REFERENCES "deployments"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "operation_steps" ADD CONSTRAINT "operation_steps_operation_id_fkey" FOREIGN KEY ("operation_id") REFERENCES "operations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_operation_id_fkey" FOREIGN KEY ("operation_id") REFERENCES "operations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "status_events" ADD CONSTRAINT "status_events_deployment_id_fkey" FOREIGN KEY ("deployment_id") REFERENCES "deployments"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "metric_samples" ADD CONSTRAINT "metric_samples_deployment_id_fkey" FOREIGN KEY ("deployment_id") REFERENCES "deployments"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- Words that Prisma's enums cannot spell. Not a CHECK constraint: Prisma's comparison of schemas crashes on those.
CREATE FUNCTION check_operation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW."kind" NOT IN ('publish', 'start', 'stop', 'replay', 'roll-back')
    OR NEW."outcome" NOT IN ('done', 'rolled-back', 'failed')
    OR (NEW."ended_at" IS NULL) <> (NEW."outcome" IS NULL)
  THEN
    RAISE EXCEPTION 'no such kind or outcome of an operation' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END;
$$;

CREATE TRIGGER "operations_words" BEFORE INSERT OR UPDATE ON "operations"
  FOR EACH ROW EXECUTE FUNCTION check_operation();

-- The lifecycle of a deployment: the moves of LIFECYCLE in packages/contracts. A test compares the two.
CREATE FUNCTION check_deployment_move() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  legal CONSTANT text[] := ARRAY[
    'stopped>starting',
    'starting>running', 'starting>stopping', 'starting>attention',
    'running>publishing', 'running>starting', 'running>stopping', 'running>attention',
    'publishing>running', 'publishing>stopping', 'publishing>attention',
    'stopping>stopped', 'stopping>attention',
    'attention>starting', 'attention>publishing', 'attention>running', 'attention>stopping'
  ];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW."state" <> 'stopped' THEN
      RAISE EXCEPTION 'a deployment begins stopped, not %', NEW."state" USING ERRCODE = 'check_violation';
    END IF;
  ELSIF NEW."state" <> OLD."state" AND NOT (OLD."state" || '>' || NEW."state") = ANY (legal) THEN
    RAISE EXCEPTION 'a deployment cannot go from % to %', OLD."state", NEW."state" USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END;
$$;

CREATE TRIGGER "deployments_move" BEFORE INSERT OR UPDATE OF "state" ON "deployments"
  FOR EACH ROW EXECUTE FUNCTION check_deployment_move();

-- Numbers that name topics and states are never given out twice, and nothing older comes into force again.
CREATE FUNCTION check_deployment_numbers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW."generation" < OLD."generation" OR NEW."generation" > NEW."last_generation"
    OR NEW."last_generation" < OLD."last_generation" OR NEW."last_run" < OLD."last_run"
    OR NEW."run" > NEW."last_run" OR NEW."next_stage_number" < OLD."next_stage_number"
    OR NEW."sequence" < OLD."sequence"
  THEN
    RAISE EXCEPTION 'the numbers of a deployment only grow' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END;
$$;

CREATE TRIGGER "deployments_numbers" BEFORE UPDATE ON "deployments"
  FOR EACH ROW EXECUTE FUNCTION check_deployment_numbers();

-- What was published and what was planned stays as it was.
CREATE FUNCTION refuse_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are immutable', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END;
$$;

CREATE TRIGGER "versions_immutable" BEFORE UPDATE ON "versions"
  FOR EACH ROW EXECUTE FUNCTION refuse_update();

CREATE TRIGGER "generations_immutable"
  BEFORE UPDATE OF "deployment_id", "generation", "run", "version", "spec", "facts" ON "generations"
  FOR EACH ROW EXECUTE FUNCTION refuse_update();

CREATE TRIGGER "generations_topics" BEFORE UPDATE OF "topics" ON "generations"
  FOR EACH ROW WHEN (OLD."topics" IS NOT NULL) EXECUTE FUNCTION refuse_update();
