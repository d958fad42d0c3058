// A program against the client that odata2ts generates from our $metadata. The test beside it generates the client,
// puts this file next to it, compiles both strictly and runs them; it prints what it saw as JSON.
import { FetchClient, type FetchClientError } from "@odata2ts/http-client-fetch";
import { customerCreationOperationStatus, type Editablecustomer } from "./generated/MicrosoftGraphModel";
import { MicrosoftGraphService } from "./generated/MicrosoftGraphService";

const [root = "", token = "", prefix = ""] = process.argv.slice(2);
const service = new MicrosoftGraphService(new FetchClient({ headers: { Authorization: `Bearer ${token}` } }), root);

async function tell() {
  const created = [];
  for (const name of ["a", "b", "c"]) created.push(await create(name));
  const [first] = created;
  if (first === undefined) throw new Error("Nothing was created.");

  const listed = await service.customers().query((builder, customer) =>
    builder
      .select("id", "externalId")
      .filter(customer.externalId.startsWith(prefix), customer.externalId.ne(`${prefix}b`))
      .orderBy(customer.externalId.desc())
      .top(5)
      .count(),
  );
  const operations = await service.customerCreationOperations().query((builder, operation) =>
    builder
      .filter(operation.domain.eq(domainOf("a")))
      .select("id", "domain", "status")
      .expanding("customer", (nested) => nested.select("externalId")),
  );
  const open = await service
    .customerCreationOperations()
    .create({ domain: domainOf("d"), status: customerCreationOperationStatus.notStarted });
  const canceled = await service
    .customerCreationOperations(open.data.id)
    .patch({ status: customerCreationOperationStatus.canceled });
  const deep = await service
    .customers()
    .query((builder, customer) =>
      builder
        .filter(customer.externalId.startsWith(prefix))
        .filter(customer.billingProfile.props.companyName.eq("Contoso a"))
        .select("billingProfile"),
    );
  await service.customers(first.id).patch({ billingProfile: { companyName: "Fabrikam" } });
  const changed = await service.customers(first.id).query();
  await service.customers(first.id).delete();
  const gone = await service
    .customers(first.id)
    .query()
    .catch((error: FetchClientError) => error);
  return {
    created: created.map(({ externalId }) => externalId),
    count: listed.data["@odata.count"],
    listed: listed.data.value.map(({ externalId, companyProfile }) => [externalId, companyProfile === undefined]),
    operations: operations.data.value.map(({ domain, customer }) => [domain, customer?.map((each) => each.externalId)]),
    opened: open.data.status === customerCreationOperationStatus.notStarted,
    canceled: canceled.data === undefined ? undefined : canceled.data?.status,
    deep: deep.data.value.map(({ billingProfile }) => billingProfile.companyName),
    changed: changed.data.billingProfile.companyName,
    gone: "status" in gone ? gone.status : "found",
  };
}

async function create(name: string) {
  const body: Editablecustomer = {
    externalId: `${prefix}${name}`,
    companyProfile: { domain: domainOf(name) },
    billingProfile: { companyName: `Contoso ${name}` },
    enableGDAPByDefault: false,
  };
  return (await service.customers().create(body)).data;
}

function domainOf(name: string): string {
  return `${prefix}${name}.onmicrosoft.com`;
}

tell().then((seen) => process.stdout.write(JSON.stringify(seen)));
