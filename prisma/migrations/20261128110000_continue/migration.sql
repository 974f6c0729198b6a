-- One more kind of operation.
CREATE OR REPLACE FUNCTION check_operation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW."kind" NOT IN ('publish', 'start', 'stop', 'replay', 'roll-back', 'continue')
    OR NEW."outcome" NOT IN ('done', 'rolled-back', 'failed')
    OR (NEW."ended_at" IS NULL) <> (NEW."outcome" IS NULL)
  THEN
    RAISE EXCEPTION 'no such kind or outcome of an operation' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END;
$$;
