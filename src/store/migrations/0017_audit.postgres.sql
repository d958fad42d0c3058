-- The second wall between partners, as in 0001.
alter table "auditEvents" enable row level security;
alter table "auditEvents" force row level security;
create policy "partner" on "auditEvents"
  using (current_setting('tenantry.partner', true) in ("partnerId", '*'));
