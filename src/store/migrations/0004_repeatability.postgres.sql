-- The second wall between partners, as in 0001.
alter table "repeatability" enable row level security;
alter table "repeatability" force row level security;
create policy "partner" on "repeatability"
  using (current_setting('tenantry.partner', true) in ("partnerId", '*'));
