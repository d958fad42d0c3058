-- The second wall between partners: a session sees and writes only the rows of the partner it runs for, whatever its
-- statements say. '*' is the server's own work. Forced, so that the owner of the tables is held to it as well.
alter table "customerCreationOperations" enable row level security;
alter table "customerCreationOperations" force row level security;
create policy "partner" on "customerCreationOperations"
  using (current_setting('tenantry.partner', true) in ("partnerId", '*'));

alter table "customers" enable row level security;
alter table "customers" force row level security;
create policy "partner" on "customers"
  using (current_setting('tenantry.partner', true) in ("partnerId", '*'));

alter table "changes" enable row level security;
alter table "changes" force row level security;
create policy "partner" on "changes"
  using (current_setting('tenantry.partner', true) in ("partnerId", '*'));

alter table "localDirectory" enable row level security;
alter table "localDirectory" force row level security;
create policy "partner" on "localDirectory"
  using (current_setting('tenantry.partner', true) in ("partnerId", '*'));

alter table "localLedger" enable row level security;
alter table "localLedger" force row level security;
create policy "partner" on "localLedger"
  using (current_setting('tenantry.partner', true) in ("partnerId", '*'));
