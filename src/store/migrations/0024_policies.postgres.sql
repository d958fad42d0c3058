-- The same condition, in a form that PostgreSQL expects nearly every row to meet. In its plain form it expects one in a
-- hundred to, so that it thought a partner with a thousand customers to have ten, and read and sorted all for each page.
alter policy "partner" on "customerCreationOperations"
  using (nullif(current_setting('tenantry.partner', true) in ("partnerId", '*'), false) is not null);
alter policy "partner" on "customers"
  using (nullif(current_setting('tenantry.partner', true) in ("partnerId", '*'), false) is not null);
alter policy "partner" on "changes"
  using (nullif(current_setting('tenantry.partner', true) in ("partnerId", '*'), false) is not null);
alter policy "partner" on "localDirectory"
  using (nullif(current_setting('tenantry.partner', true) in ("partnerId", '*'), false) is not null);
alter policy "partner" on "localLedger"
  using (nullif(current_setting('tenantry.partner', true) in ("partnerId", '*'), false) is not null);
alter policy "partner" on "repeatability"
  using (nullif(current_setting('tenantry.partner', true) in ("partnerId", '*'), false) is not null);
alter policy "partner" on "credentials"
  using (nullif(current_setting('tenantry.partner', true) in ("partnerId", '*'), false) is not null);
alter policy "partner" on "provisionerCalls"
  using (nullif(current_setting('tenantry.partner', true) in ("partnerId", '*'), false) is not null);
alter policy "partner" on "throttle"
  using (nullif(current_setting('tenantry.partner', true) in ("partnerId", '*'), false) is not null);
alter policy "partner" on "subscriptions"
  using (nullif(current_setting('tenantry.partner', true) in ("partnerId", '*'), false) is not null);
alter policy "partner" on "notificationLanes"
  using (nullif(current_setting('tenantry.partner', true) in ("partnerId", '*'), false) is not null);
alter policy "partner" on "notificationDeliveries"
  using (nullif(current_setting('tenantry.partner', true) in ("partnerId", '*'), false) is not null);
alter policy "partner" on "auditEvents"
  using (nullif(current_setting('tenantry.partner', true) in ("partnerId", '*'), false) is not null);
