-- The second wall between partners, as in 0001.
alter table "throttle" enable row level security;
alter table "throttle" force row level security;
create policy "partner" on "throttle"
  using (current_setting('tenantry.partner', true) in ("partnerId", '*'));
