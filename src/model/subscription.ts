import {
  computed,
  type EntityOf,
  type EntityType,
  fixed,
  fixedAlways,
  hidden,
  hiddenAlways,
  optional,
  optionalAlways,
  required,
  requiredOnce,
} from "./define.ts";
import { flag, identifier, instant, text } from "./kinds.ts";

const url = text({ lengthMax: 2048, example: "https://app.fabrikam.example/notifications" });
const application = text({ lengthMax: 200 });

/** The wish of an application to be told of changes (Microsoft Graph, subscription resource type). */
export const subscription = {
  name: "subscription",
  set: "subscriptions",
  description: "The wish of an application to be told of changes.",
  properties: {
    id: computed(identifier, "The key of the subscription."),
    resource: requiredOnce(
      text({ lengthMax: 200, example: "customers" }),
      "What is watched: customers, customerCreationOperations, or one of them, such as customers/{id}.",
    ),
    changeType: requiredOnce(
      text({ lengthMax: 100, example: "created,updated,deleted" }),
      "Which changes are told: created, updated and deleted, with commas between them.",
    ),
    notificationUrl: required(url, "Where notifications are sent: a URL that begins with https."),
    lifecycleNotificationUrl: fixed(url, "Where it is told what becomes of the subscription itself."),
    expirationDateTime: required(instant, "When the subscription ends, unless it is renewed."),
    clientState: fixed(
      text({ lengthMax: 128, secret: true }),
      "A secret that every notification repeats, by which the receiver knows it. It is never shown again.",
    ),
    latestSupportedTlsVersion: optionalAlways(
      text({ lengthMax: 4, pattern: /^v1_[0-3]$/, example: "v1_2" }),
      "The latest version of TLS that the receiver understands: v1_2 or v1_3.",
    ),
    includeResourceData: fixedAlways(flag, "Whether notifications carry the entity, encrypted."),
    encryptionCertificate: optional(
      text({ lengthMax: 16_000, secret: true }),
      "The certificate (X.509, DER or PEM in base64) whose RSA key the data of entities is encrypted for.",
    ),
    encryptionCertificateId: optional(text({ lengthMax: 128 }), "What the receiver calls that certificate."),
    notificationQueryOptions: fixed(
      text({ lengthMax: 2000, example: "$filter=lifecycleState eq 'active'" }),
      "A $filter that the entity must meet for its changes to be told.",
    ),
    notificationContentType: fixedAlways(
      text({ lengthMax: 100, pattern: /^application\/json$/, example: "application/json" }),
      "The media type of notifications.",
    ),
    notificationUrlAppId: fixed(
      text({ lengthMax: 128 }),
      "The application that validation tokens are made out to; by default the one that subscribed.",
    ),
    applicationId: computed(application, "The application that subscribed."),
    creatorId: computed(application, "The person or application that subscribed."),
    partnerId: hiddenAlways(identifier, "The partner whose subscription it is."),
    version: hiddenAlways(identifier, "Made anew by each write; the entity tag shows it."),
    createdDateTime: hiddenAlways(instant, "When it was made."),
    deletedDateTime: hidden(instant, "When it ended."),
    sealedClientState: hidden(text({ lengthMax: 1000 }), "The client state, sealed."),
  },
  navigation: {},
} as const satisfies EntityType;

export type Subscription = EntityOf<typeof subscription>;
