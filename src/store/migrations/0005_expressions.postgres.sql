-- Texts from inside JSON are compared by code point, as those in columns are.
create domain odata_text as text collate "C";

create function odata_ends_with(value text, part text) returns boolean
  language sql immutable strict parallel safe as $$ select right(value, length(part)) = part $$;

-- What is larger than 1e300 is null, as is a division by zero; what is smaller than its inverse is 0.
create function odata_add(a double precision, b double precision) returns double precision
  language sql immutable strict parallel safe as $$
    select case when abs(a) > float8 '1e300' or abs(b) > float8 '1e300' then null else a + b end
  $$;

create function odata_multiply(a double precision, b double precision) returns double precision
  language sql immutable strict parallel safe as $$
    select case
      when abs(b) > 1 then case when abs(a) > float8 '1e300' / abs(b) then null else a * b end
      when b <> 0 and abs(b) < 1 then case when abs(a) < float8 '1e-300' / abs(b) then 0 else a * b end
      else a * b end
  $$;

create function odata_divide(a double precision, b double precision) returns double precision
  language sql immutable strict parallel safe as $$
    select case
      when b = 0 then null
      when abs(b) < 1 then case when abs(a) > float8 '1e300' * abs(b) then null else a / b end
      else case when abs(a) < abs(b) * float8 '1e-300' then 0 else a / b end end
  $$;

create function odata_modulo(a double precision, b double precision) returns double precision
  language sql immutable strict parallel safe as $$ select a - odata_multiply(trunc(odata_divide(a, b)), b) $$;

-- The difference to the next lower whole number is exact; the sum with a half is not.
create or replace function odata_round(value double precision) returns double precision
  language sql immutable strict parallel safe as $$
    select sign(value) * case when abs(value) - floor(abs(value)) < 0.5 then floor(abs(value)) else ceil(abs(value)) end
  $$;

create or replace function odata_add_seconds(instant text, seconds double precision) returns text
  language sql stable strict parallel safe as $$
    select case
      when cast(extract(epoch from origin) * 1000 as bigint) + moment between -62135596800000 and 253402300799999
      then odata_print_instant(origin + make_interval(secs => moment / 1000) + make_interval(secs => moment % 1000 / 1000.0)) end
    from (
      select cast(substr(instant, 1, 24) as timestamptz) as origin,
        case when abs(seconds) < 4e11 then cast(floor(seconds * 1000 + 0.5) as bigint) end as moment) as m
  $$;

create function odata_has_subset(whole text, part text) returns boolean
  language sql immutable strict parallel safe as $$
    select not exists (
      select 1 from odata_texts(part) as p
      group by p."value"
      having count(*) > (select count(*) from odata_texts(whole) as w where w."value" = p."value"))
  $$;

-- The first place of each text of the part, behind that of the one before; null when there is none.
create function odata_has_subsequence(whole text, part text) returns boolean
  language sql immutable strict parallel safe as $$
    with recursive step(n, place) as (
      select 0, cast(0 as bigint)
      union all
      select n + 1, (
        select min(w.place) from jsonb_array_elements_text(cast(whole as jsonb)) with ordinality as w(item, place)
        where w.place > step.place and w.item = cast(part as jsonb) ->> n)
      from step where n < jsonb_array_length(cast(part as jsonb)) and place is not null)
    select bool_and(place is not null) from step
  $$;

-- What makes a JSON array of rows again.
create function odata_append_text(items jsonb, item text) returns jsonb
  language sql immutable parallel safe as $$ select items || jsonb_build_array(item) $$;

create aggregate odata_collect_texts(text) (sfunc = odata_append_text, stype = jsonb, initcond = '[]');

create function odata_append_item(items jsonb, item jsonb) returns jsonb
  language sql immutable parallel safe as $$ select items || jsonb_build_array(item) $$;

create aggregate odata_collect_items(jsonb) (sfunc = odata_append_item, stype = jsonb, initcond = '[]');
