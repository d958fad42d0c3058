-- The second wall between partners, as in 0001.
alter table "subscriptions" enable row level security;
alter table "subscriptions" force row level security;
create policy "partner" on "subscriptions"
  using (current_setting('tenantry.partner', true) in ("partnerId", '*'));

alter table "notificationLanes" enable row level security;
alter table "notificationLanes" force row level security;
create policy "partner" on "notificationLanes"
  using (current_setting('tenantry.partner', true) in ("partnerId", '*'));

alter table "notificationDeliveries" enable row level security;
alter table "notificationDeliveries" force row level security;
create policy "partner" on "notificationDeliveries"
  using (current_setting('tenantry.partner', true) in ("partnerId", '*'));
