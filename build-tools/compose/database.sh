#!/bin/sh
# Run once by the Postgres image on an empty volume: a role and a schema per service, each sees its own only.
set -eu
for service in gateway workspace session container credential mitm; do
  psql -v ON_ERROR_STOP=1 -v role="slipway_$service" -v schema="$service" -v password="$POSTGRES_PASSWORD" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE :"role" LOGIN PASSWORD :'password';
CREATE SCHEMA :"schema" AUTHORIZATION :"role";
ALTER ROLE :"role" SET search_path = :"schema";
SQL
done
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" -c 'REVOKE ALL ON SCHEMA public FROM PUBLIC'
