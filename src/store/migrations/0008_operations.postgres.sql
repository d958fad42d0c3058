-- The second wall between partners, as in 0001.
alter table "credentials" enable row level security;
alter table "credentials" force row level security;
create policy "partner" on "credentials"
  using (current_setting('tenantry.partner', true) in ("partnerId", '*'));
