import type {
  ApiError,
  DeserializeIntoModelFunction,
  Parsable,
  ParsableFactory,
  ParseNode,
  SerializationWriter,
} from "@microsoft/kiota-abstractions";

// What the generator of kiota would write of the types that the tests touch. It needs a .NET runtime, which we have not.

interface Profile extends Parsable {
  domain?: string | null | undefined;
  companyName?: string | null | undefined;
}

export interface Customer extends Parsable {
  id?: string | undefined;
  etag?: string | undefined;
  externalId?: string | null | undefined;
  lifecycleState?: string | undefined;
  companyProfile?: Profile | undefined;
  billingProfile?: Profile | undefined;
  removed?: Parsable | undefined;
}

export interface Operation extends Parsable {
  id?: string | undefined;
  domain?: string | undefined;
  status?: string | undefined;
  createdDateTime?: Date | undefined;
  customer?: Customer[] | undefined;
}

export interface Reference extends Parsable {
  odataId?: string | undefined;
}

export interface Page<T extends Parsable> extends Parsable {
  value: T[];
  count?: number | undefined;
  odataNextLink?: string;
  odataDeltaLink?: string;
}

interface MainError extends Parsable {
  code?: string | undefined;
  message?: string | undefined;
  target?: string | undefined;
  details?: MainError[] | undefined;
  requestId?: string | undefined;
  clientRequestId?: string | undefined;
  date?: Date | undefined;
}

/** What a generated client throws: the error of the service, which is an ApiError. */
export interface ODataError extends ApiError, Parsable {
  error?: MainError | undefined;
}

export const createCustomer: ParsableFactory<Customer> = () => readCustomer;
export const createOperation: ParsableFactory<Operation> = () => readOperation;
export const createCustomerPage: ParsableFactory<Page<Customer>> = () => pageReader(createCustomer);
export const createReferencePage: ParsableFactory<Page<Reference>> = () => pageReader(() => readReference);
const createODataError: ParsableFactory<ODataError> = () => readODataError;

/** The errors of every request: one type, whatever the status. */
export const errorMappings = { _4XX: createODataError, _5XX: createODataError };

export function writeCustomer(writer: SerializationWriter, customer: Partial<Customer> | null | undefined = {}): void {
  writer.writeStringValue("externalId", customer?.externalId);
  writer.writeObjectValue("companyProfile", customer?.companyProfile, writeProfile);
  writer.writeObjectValue("billingProfile", customer?.billingProfile, writeProfile);
}

export function writeOperation(writer: SerializationWriter, operation: Partial<Operation> | null | undefined): void {
  writer.writeStringValue("domain", operation?.domain);
}

export function writeReference(writer: SerializationWriter, reference: Partial<Reference> | null | undefined): void {
  writer.writeStringValue("@odata.id", reference?.odataId);
}

function writeProfile(writer: SerializationWriter, profile: Partial<Profile> | null | undefined = {}): void {
  writer.writeStringValue("domain", profile?.domain);
  writer.writeStringValue("companyName", profile?.companyName);
}

const readProfile: DeserializeIntoModelFunction<Profile> = (profile = {}) => ({
  domain: (node) => {
    profile.domain = node.getStringValue();
  },
  companyName: (node) => {
    profile.companyName = node.getStringValue();
  },
});

const readCustomer: DeserializeIntoModelFunction<Customer> = (customer = {}) => ({
  id: (node) => {
    customer.id = node.getStringValue();
  },
  "@odata.etag": (node) => {
    customer.etag = node.getStringValue();
  },
  externalId: (node) => {
    customer.externalId = node.getStringValue();
  },
  lifecycleState: (node) => {
    customer.lifecycleState = node.getStringValue();
  },
  companyProfile: (node) => {
    customer.companyProfile = node.getObjectValue(() => readProfile);
  },
  billingProfile: (node) => {
    customer.billingProfile = node.getObjectValue(() => readProfile);
  },
  "@removed": (node) => {
    customer.removed = node.getObjectValue(() => () => ({}));
  },
});

const readOperation: DeserializeIntoModelFunction<Operation> = (operation = {}) => ({
  id: (node) => {
    operation.id = node.getStringValue();
  },
  domain: (node) => {
    operation.domain = node.getStringValue();
  },
  status: (node) => {
    operation.status = node.getStringValue();
  },
  createdDateTime: (node) => {
    operation.createdDateTime = node.getDateValue();
  },
  customer: (node) => {
    operation.customer = node.getCollectionOfObjectValues(createCustomer);
  },
});

const readReference: DeserializeIntoModelFunction<Reference> = (reference = {}) => ({
  "@odata.id": (node) => {
    reference.odataId = node.getStringValue();
  },
});

function pageReader<T extends Parsable>(factory: ParsableFactory<T>): DeserializeIntoModelFunction<Page<T>> {
  return (page = { value: [] }): Record<string, (node: ParseNode) => void> => ({
    value: (node) => {
      page.value = node.getCollectionOfObjectValues(factory) ?? [];
    },
    "@odata.count": (node) => {
      page.count = node.getNumberValue();
    },
    "@odata.nextLink": (node) => {
      page.odataNextLink = node.getStringValue() ?? "";
    },
    "@odata.deltaLink": (node) => {
      page.odataDeltaLink = node.getStringValue() ?? "";
    },
  });
}

const readInnerError = (error: MainError): Record<string, (node: ParseNode) => void> => ({
  "request-id": (node) => {
    error.requestId = node.getStringValue();
  },
  "client-request-id": (node) => {
    error.clientRequestId = node.getStringValue();
  },
  date: (node) => {
    error.date = node.getDateValue();
  },
});

const readMainError: DeserializeIntoModelFunction<MainError> = (error = {}) => ({
  code: (node) => {
    error.code = node.getStringValue();
  },
  message: (node) => {
    error.message = node.getStringValue();
  },
  target: (node) => {
    error.target = node.getStringValue();
  },
  details: (node) => {
    error.details = node.getCollectionOfObjectValues(() => readMainError);
  },
  innerError: (node) => {
    node.getObjectValue(() => () => readInnerError(error));
  },
});

const readODataError: DeserializeIntoModelFunction<ODataError> = (error = {}) => ({
  error: (node) => {
    error.error = node.getObjectValue(() => readMainError);
  },
});
