-- Parts the tables of partners' data into hash partitions by partner, on PostgreSQL 15 or newer (docs/scaling.md). To be
-- run as the owner of the tables, while no server runs; a database that is parted already is left as it is:
--
--   PGOPTIONS='-c tenantry.partitions=16' psql --single-transaction --file partition.sql "$TENANTRY_DATABASE_URL"
do $parting$
declare
  partitions integer := current_setting('tenantry.partitions');
  parted record;
  part record;
  counter text;
begin
  if partitions not between 2 and 1024 then raise exception 'tenantry.partitions must be from 2 to 1024.'; end if;
  -- To see the rows of every partner.
  perform set_config('tenantry.partner', '*', true);
  for parted in
    select c.oid, c.relname as name, coalesce(array_to_string(c.reloptions, ', '), '') as options
    from pg_class as c join pg_attribute as a on a.attrelid = c.oid and a.attname = 'partnerId'
    -- What is unlogged is small, one row for each partner.
    where c.relkind = 'r' and not c.relispartition and c.relpersistence = 'p' and c.relnamespace = 'public'::regnamespace
    order by c.relname
  loop
    execute format('alter table %I rename to %I', parted.name, parted.name || '_whole');
    -- Before version 17 a partitioned table has no identity column, and no key without the partner.
    execute format('create table %I (like %I including defaults including storage including comments) partition by hash ("partnerId")',
      parted.name, parted.name || '_whole');
    execute format('alter index %I rename to %I', parted.name || '_pkey', parted.name || '_whole_pkey');
    execute format('alter table %I add primary key (%s)', parted.name, (
      select string_agg(quote_ident(a.attname), ', ' order by a.attname <> 'partnerId', k.place)
      from pg_index as i, unnest(i.indkey || array(select attnum from pg_attribute where attrelid = parted.oid and attname = 'partnerId'
          and not attnum = any (i.indkey))) with ordinality as k(attnum, place)
      join pg_attribute as a on a.attrelid = parted.oid and a.attnum = k.attnum where i.indrelid = parted.oid and i.indisprimary));
    for n in 0 .. partitions - 1 loop
      execute format('create table %I partition of %I for values with (modulus %s, remainder %s) %s', parted.name || '_p' || n,
        parted.name, partitions, n, case when parted.options = '' then '' else 'with (' || parted.options || ')' end);
    end loop;
    select pg_get_serial_sequence(quote_ident(parted.name || '_whole'), a.attname) as sequence, a.attname as name into part
      from pg_attribute as a where a.attrelid = parted.oid and a.attidentity <> '';
    if part.name is not null then
      counter := format('%I', parted.name || '_' || part.name);
      execute format('create sequence %s as bigint owned by %I.%I', counter, parted.name, part.name);
      -- As with an identity column, who may insert a row may count on.
      execute format('grant usage on sequence %s to public', counter);
      execute format('select setval(%L, nextval(%L), false)', counter, part.sequence);
      execute format('alter table %I alter column %I set default nextval(%L)', parted.name, part.name, counter);
      -- The key leads there no more, as it begins with the partner.
      execute format('create index %I on %I (%I)', parted.name || '_' || part.name || '_idx', parted.name, part.name);
    end if;
    execute format('insert into %I select * from %I', parted.name, parted.name || '_whole');
    for part in
      select pg_get_indexdef(i.indexrelid) as definition, c.relname as name from pg_index as i join pg_class as c on c.oid = i.indexrelid
      where i.indrelid = parted.oid and not i.indisprimary
    loop
      execute format('alter index %I rename to %I', part.name, part.name || '_whole');
      execute regexp_replace(part.definition, '^(CREATE (UNIQUE )?INDEX) .* ON .* USING', format('\1 %I on %I using', part.name, parted.name));
    end loop;
    -- Of the partitions too: pg_dump reads each by itself.
    for part in
      select p.polname as name, pg_get_expr(p.polqual, p.polrelid) as condition, t.name as on_table from pg_policy as p,
        (select parted.name union all select parted.name || '_p' || n from generate_series(0, partitions - 1) as n) as t(name)
      where p.polrelid = parted.oid
    loop
      execute format('alter table %I enable row level security', part.on_table);
      execute format('alter table %I force row level security', part.on_table);
      execute format('create policy %I on %I using (%s)', part.name, part.on_table, part.condition);
    end loop;
    for part in
      select r.rolname as name, string_agg(a.privilege_type, ', ') as privileges from pg_class as c, aclexplode(c.relacl) as a
      join pg_roles as r on r.oid = a.grantee where c.oid = parted.oid and a.grantee <> c.relowner group by r.rolname
    loop
      execute format('grant %s on %I to %I', part.privileges, parted.name, part.name);
    end loop;
    execute format('drop table %I', parted.name || '_whole');
  end loop;
end
$parting$;
