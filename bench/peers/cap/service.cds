// The properties of the product, by the means that CAP has for them. Left out, in favour of CAP: the log of changes, the
// audit, provisioning, partners, and all rules but the required and the unique.

type Address {
  country      : String(2);
  addressLine1 : String(200);
  addressLine2 : String(200);
  addressLine3 : String(200);
  city         : String(100);
  state        : String(100);
  region       : String(100);
  district     : String(100);
  postalCode   : String(50);
  firstName    : String(100);
  middleName   : String(100);
  lastName     : String(100);
  phoneNumber  : String(50);
}

@assert.unique: {domain: [domain]}
entity Operations  {
  key id : UUID;
  domain             : String(80) @mandatory;
  status             : String(20) default 'notStarted';
  stage              : String(40) default 'domainReserved';
  percentComplete    : Integer default 0;
  resourceLocation   : String(200);
  attempts           : Integer default 0;
  history            : many {
    status             : String(20);
    stage              : String(40);
    transitionDateTime : String(30);
  };
  externalId         : String(100);
  requestedBy        : String(200) @cds.on.insert: $user;
  createdDateTime    : Timestamp @cds.on.insert: $now;
  lastActionDateTime : Timestamp @cds.on.insert: $now @cds.on.update: $now;
  customer           : Composition of many Customers on customer.operation = $self;
}

@assert.unique: {externalId: [externalId]}
entity Customers  {
  key id : UUID;
  operation               : Association to Operations;
  tenantId                : String(36);
  externalId              : String(100);
  companyProfile          : {
    domain                         : String(80);
    companyName                    : String(250);
    organizationRegistrationNumber : String(50);
  };
  billingProfile          : {
    id             : String(36);
    firstName      : String(100);
    lastName       : String(100);
    email          : String(250);
    culture        : String(20);
    language       : String(20);
    companyName    : String(250);
    defaultAddress : Address;
  };
  relationshipToPartner   : String(20) default 'none';
  associatedPartnerId     : String(36);
  allowDelegatedAccess    : Boolean;
  enableGDAPByDefault     : Boolean default false;
  customDomains           : many String(80);
  lifecycleState          : String(20) default 'provisioning';
  validationStatus        : String(20) default 'unknown';
  createdDateTime         : Timestamp @cds.on.insert: $now;
  lastModifiedDateTime    : Timestamp @cds.on.insert: $now @cds.on.update: $now;
}

@path: '/v1.0'
@cds.query.limit: {default: 100, max: 1000}
service Onboarding {
  entity customerCreationOperations as projection on Operations;
  entity customers                  as projection on Customers;
}
