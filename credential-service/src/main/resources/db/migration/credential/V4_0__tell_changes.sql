-- Every replica answers lookups from memory until it hears that a row of the project was written, by whomever. One message for each
-- project of a transaction, since Postgres drops equal ones; it is delivered after the commit, in the order of commits.
LOCK TABLE rules_version, credential IN SHARE ROW EXCLUSIVE MODE; -- in the order of who writes them
CREATE FUNCTION tell_rules_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        PERFORM pg_notify('slipway_rules', '*');
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        PERFORM pg_notify('slipway_rules', 'p:' || OLD.project_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM pg_notify('slipway_rules', 'p:' || NEW.project_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER tell_rules_changed AFTER INSERT OR UPDATE OR DELETE ON credential FOR EACH ROW EXECUTE FUNCTION tell_rules_changed();
CREATE TRIGGER tell_rules_emptied AFTER TRUNCATE ON credential FOR EACH STATEMENT EXECUTE FUNCTION tell_rules_changed();
CREATE TRIGGER tell_rules_changed AFTER INSERT OR UPDATE OR DELETE ON rules_version FOR EACH ROW EXECUTE FUNCTION tell_rules_changed();
CREATE TRIGGER tell_rules_emptied AFTER TRUNCATE ON rules_version FOR EACH STATEMENT EXECUTE FUNCTION tell_rules_changed();
