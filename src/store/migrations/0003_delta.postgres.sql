-- Readers take changes in the order of their transactions (0001), so the index of a partner has the same order.
drop index "changes_partner";
create index "changes_partner" on "changes" ("partnerId", "transactionId", "position");
