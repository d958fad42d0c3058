/** How much there is to be. */
export interface Amount {
  readonly partners: number;
  readonly customersEach: number;
}

const companies = ["Adatum", "Contoso", "Fabrikam", "Litware", "Northwind", "Proseware", "Tailspin", "Wingtip"];
const countries = ["PT", "US", "DE", "FR", "BR", "JP", "IN", "GB", "ES", "NL"];

/** The id of a partner, counted from 0. */
export function partnerOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

/** The id of a customer, counted from 0; it is also that of the operation that made it. */
export function customerOf(number: number): string {
  return `01900000-0000-7000-8000-${String(number).padStart(12, "0")}`;
}

/**
 * Gives the statements that fill a database with customers, each with the operation that made it, its domain and its
 * changes. Customers of different partners are made in turn, as in life. Names, addresses and states are mixed.
 */
export function fillStatements({ partners, customersEach }: Amount): readonly string[] {
  const all = partners * customersEach;
  const own = `(n / ${partners})`;
  const mixed = `((n * 7919) % ${all})`;
  const partner = numbered("00000000-0000-4000-8000-", `n % ${partners}`);
  const id = numbered("01900000-0000-7000-8000-", "n");
  const version = numbered("01900000-0000-4000-8000-", "n");
  const created = `'2026-01-' || ${padded(`1 + n * 28 / ${all}`, 2)} || 'T' || ${padded("n / 3600 % 24", 2)} || ':' ||
    ${padded("n / 60 % 60", 2)} || ':' || ${padded("n % 60", 2)} || '.000Z'`;
  // Fewer than the quota of a partner.
  const isOpen = `${own} % 50 = 1 and ${own} < 5000`;
  const deleted = `case when n % 50 = 2 then ${created} end`;
  const domain = `'c' || n || '.onmicrosoft.com'`;
  const numbers = `with recursive numbers(n) as (select cast(0 as bigint) union all select n + 1 from numbers where n + 1 < ${all})`;
  const company = `case when ${own} % 10 = 0 then null else ${chosen(companies, own)} || ' ' || ${mixed} end`;
  return [
    `insert into "customers" ("partnerId", "id", "tenantId", "externalId", "companyProfile_domain",
        "companyProfile_companyName", "billingProfile_id", "billingProfile_firstName", "billingProfile_lastName",
        "billingProfile_email", "billingProfile_culture", "billingProfile_language", "billingProfile_companyName",
        "billingProfile_defaultAddress_country", "billingProfile_defaultAddress_addressLine1",
        "billingProfile_defaultAddress_city", "relationshipToPartner", "enableGDAPByDefault", "customDomains",
        "lifecycleState", "validationStatus", "createdDateTime", "lastModifiedDateTime", "deletedDateTime", "version")
      ${numbers} select ${partner}, ${id}, ${numbered("01900000-0000-7000-9000-", "n")}, 'crm-' || n, ${domain},
        ${company}, ${id}, 'Ana', 'Ferreira ' || (n % 997),
        case when ${own} % 10 = 1 then null else 'ana' || ${mixed} || '@contoso.example' end, null, null, 'Contoso Lda.',
        ${chosen(countries, `${own} / 7`)}, 'Rua do Comércio ' || (n % 300), 'Lisboa', 'reseller', false,
        '["' || ${domain} || '"]', case when n % 20 = 0 then 'failed' else 'active' end, 'unknown', ${created},
        ${created}, ${deleted}, ${version} from numbers`,
    `insert into "customerCreationOperations" ("partnerId", "id", "domain", "status", "stage", "percentComplete",
        "attempts", "history", "requestedBy", "correlationId", "createdDateTime", "lastActionDateTime", "deletedDateTime",
        "version", "customerId", "provisionedCustomerId", "work", "dueDateTime")
      ${numbers} select ${partner}, ${id}, ${domain}, case when ${isOpen} then 'notStarted' else 'succeeded' end,
        'completed', 100, 0, '[]', 'test', ${id}, ${created}, ${created}, ${deleted}, ${version}, ${id}, ${id},
        case when ${isOpen} then 'expire' end, case when ${isOpen} then ${created} end from numbers`,
    `insert into "domains" ("domain", "operationId") ${numbers} select ${domain}, ${id} from numbers`,
    `insert into "changes" ("partnerId", "entitySet", "entityId", "changeType", "changeDateTime", "correlationId")
      ${numbers}, kinds("entitySet", "changeType") as (
        values ('customerCreationOperations', 'created'), ('customers', 'created'), ('customers', 'updated'))
      select ${partner}, "entitySet", ${id}, "changeType", ${created}, ${id} from numbers, kinds order by n, "changeType"`,
  ];
}

function numbered(prefix: string, number: string): string {
  return `'${prefix}' || ${padded(number, 12)}`;
}

function padded(number: string, digits: number): string {
  return `substr(cast(${10 ** digits} + ${number} as text), 2)`;
}

function chosen(texts: readonly string[], number: string): string {
  const branches = texts.map((text, index) => `when ${index} then '${text}'`);
  return `case (${number}) % ${texts.length} ${branches.join(" ")} end`;
}
