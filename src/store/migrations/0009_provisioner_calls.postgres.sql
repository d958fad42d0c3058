-- The second wall between partners, as in 0001.
alter table "provisionerCalls" enable row level security;
alter table "provisionerCalls" force row level security;
create policy "partner" on "provisionerCalls"
  using (current_setting('tenantry.partner', true) in ("partnerId", '*'));
