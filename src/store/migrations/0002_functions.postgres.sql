-- What SQL alone does not do alike on both engines. Texts are ordered by code point, but their case is Unicode's.
create function odata_lower(value text) returns text
  language sql immutable strict parallel safe as $$ select lower(value collate "und-x-icu") collate "C" $$;

create function odata_upper(value text) returns text
  language sql immutable strict parallel safe as $$ select upper(value collate "und-x-icu") collate "C" $$;

create function odata_trim(value text) returns text
  language sql immutable strict parallel safe as $$
    select btrim(value, E' \t\n\u000b\f\r\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000')
  $$;

create function odata_position(value text, part text) returns integer
  language sql immutable strict parallel safe as $$ select strpos(value, part) $$;

create function odata_substring(value text, start double precision, count double precision default 2147483647) returns text
  language sql immutable strict parallel safe as $$
    select substr(
      value,
      cast(least(case when start < 0 then greatest(length(value) + trunc(start), 0) else trunc(start) end, 1000000000) as integer) + 1,
      cast(least(greatest(trunc(count), 0), 1000000000) as integer))
  $$;

create function odata_round(value double precision) returns double precision
  language sql immutable strict parallel safe as $$ select cast(round(cast(value as numeric)) as double precision) $$;

create function odata_print_instant(value timestamptz) returns text
  language sql immutable strict parallel safe as $$
    select to_char(value at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
  $$;

create function odata_add_seconds(instant text, seconds double precision) returns text
  language sql stable strict parallel safe as $$
    select odata_print_instant(cast(substr(instant, 1, 24) as timestamptz) + make_interval(secs => round(cast(seconds as numeric), 3)::double precision))
  $$;

create function odata_seconds_between(a text, b text) returns double precision
  language sql stable strict parallel safe as $$
    select cast(extract(epoch from cast(substr(a, 1, 24) as timestamptz) - cast(substr(b, 1, 24) as timestamptz)) as double precision)
  $$;

create function odata_json(value text) returns jsonb
  language sql immutable strict parallel safe as $$ select cast(value as jsonb) $$;

create function odata_texts(value text) returns table ("value" text)
  language sql immutable parallel safe as $$ select * from jsonb_array_elements_text(cast(value as jsonb)) $$;

create function odata_items(value text) returns table ("value" jsonb)
  language sql immutable parallel safe as $$ select * from jsonb_array_elements(cast(value as jsonb)) $$;
