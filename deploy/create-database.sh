#!/bin/sh
# Run once, by the image of PostgreSQL: an ordinary role, for which row-level security holds, with a database of its own.
set -eu
psql --set=ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --set=password="$(cat /run/secrets/tenantry-password)" <<'SQL'
create role tenantry login password :'password';
create database tenantry owner tenantry template template0 encoding 'UTF8';
SQL
