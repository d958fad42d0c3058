import { must, type Section } from "../requirement.ts";

/** Subscriptions, and what their receivers are told. */
export const notifications: Section = {
  title: "Change notifications",
  source:
    "Microsoft Graph: subscription, delivery through webhooks, notifications with resource data, lifecycle events.",
  requirements: [
    must("handshake", "A receiver must give the token back as it is, in time; else there is no subscription.", [
      "notify/handshake > a receiver that answers with %s gets no subscription",
      "notify/handshake > a lifecycle receiver is asked as well, and told by name when it fails",
      "notify/subscriptions > shake hands twice when the lifecycle URL is the same",
    ]),
    must("create", "A subscription is answered with what Graph shows of it, and its faults all at once.", [
      "notify/subscriptions > are created after a handshake, with what Graph shows of them",
      "notify/subscriptions > tell all faults of a body at once",
    ]),
    must("read, renew, delete", "Its partner alone reads, renews, moves and deletes a subscription.", [
      "notify/subscriptions > are read, listed, counted and deleted by their partner alone",
      "notify/subscriptions > are renewed, and sent elsewhere after a handshake there",
    ]),
    must("lifetime", "A subscription lives for 45 to 41,760 minutes.", [
      "notify/subscriptions > live at least 45 minutes and at most 41,760",
    ]),
    must("permissions", "Who may not read something is not told of it.", [
      "notify/subscriptions > need the permission to read what they watch, for every change of them too",
    ]),
    must("notification", "A notification has the form of Graph, and several go to a receiver in one request.", [
      "notify/delivery > tell of a change as Graph does",
      "notify/delivery > tell of the changes that were asked for, of one entity, and of those that a filter leaves",
      "notify/delivery > of several subscriptions go to the same receiver in one request",
    ]),
    must("at least once, in order", "What is not taken comes again until it is, and then in order.", [
      "notify/delivery > come again until they are taken, and then in order",
      "notify/lifecycle > is everything, when a receiver was down for an hour",
      "notify/storm > every subscriber is told everything in order while a server of two is killed again and again",
      "notify/storm > every subscriber is told everything in order when the only server is killed and started again",
    ]),
    must("order of commits", "Nothing is told before it is committed, and nothing skipped that commits late.", [
      "notify/order > a change is not skipped when a later one is committed before it, by notifications and delta alike",
      "notify/order > a change is not skipped when an older transaction makes it after a younger one has ended",
      "notify/order > a change that is rolled back is never told",
    ]),
    must("slow or gone", "Slow receivers are throttled, and those gone for four hours told what they missed.", [
      "notify/lifecycle > is throttled when one tenth of the requests is slow, and missed when it is more",
      "notify/lifecycle > is missed when a receiver was gone for more than four hours, and what is newer is told",
    ]),
    must("lifecycle", "The lifecycle receiver hears before a subscription ends, and when it has.", [
      "notify/lifecycle > is told a day before it ends, once, and when it has ended",
      "notify/lifecycle > is not told before it is due again, when it was renewed or reauthorized",
    ]),
    must("resource data", "Data is encrypted for the receiver and signed with a key that is published.", [
      "notify/encryption > are decrypted by the recipe, and signed by the key that is published",
      "notify/encryption > have a key of their own each, and of what is deleted no data",
      "notify/encryption > take no certificate whose key is short",
    ]),
    must("clientState", "The secret of a subscription is told to its receiver, and to nobody else.", [
      "notify/delivery > hold a secret that is in no answer, no log and no table",
    ]),
    must("deliveries", "What was sent and answered can be read, and sent again.", [
      "notify/delivery > show while they fail what the receiver answers, and when the next try is",
      "notify/delivery > are told again on demand, with the same ids",
    ]),
    must("reach", "Nothing but public receivers is connected to, whatever their names lead to and when.", [
      "notify/reach > is refused however its address is written, and never resolved or connected to",
      "notify/reach > is not connected to by any name that leads there",
      "notify/reach > is not reached by a name that leads elsewhere when it is asked again",
    ]),
  ],
};
