import { must, type Section } from "../requirement.ts";

/** The table of states, and what must come of an operation whatever goes wrong. */
export const operationLife: Section = {
  title: "The life of an operation",
  source: "Each step from one state to the next, and what holds through faults, deaths of processes and lost answers.",
  requirements: [
    must("to notStarted", "Opening an operation reserves its domain for 24 hours.", [
      "onboarding/lifecycle > holds its domain from the moment it is opened",
    ]),
    must("moved", "An operation that has not started takes another domain.", [
      "onboarding/lifecycle > moves to another domain: the old one is free and the new one held",
      "onboarding/lifecycle > keeps its domain when the one that it wants is taken",
    ]),
    must("expired", "When the reservation has ended the operation fails, and its domain is free.", [
      "onboarding/lifecycle > fails when its reservation has run out: another can take the domain, and a customer comes too late",
    ]),
    must("refused", "A customer with faults leaves the operation and its reservation as they were.", [
      "rules/refusals > everything at once is answered 400 with all that is wrong",
    ]),
    must("attached", "The customer can be read at once, and the operation is running.", [
      "onboarding/add-customer > the customer is readable at once and active when the operation has succeeded",
    ]),
    must("attached again", "The same body gives the same answer.", [
      "server/attaching > the same body again, %s, is answered as the first time and makes nothing",
    ]),
    must("adopted", "A reference to an active customer ends the operation without provisioning.", [
      "onboarding/lifecycle > adopts an active customer by reference: its own domain is free and nothing is provisioned",
    ]),
    must("running", "Each stage is one step of the history, with a percentage that grows.", [
      "onboarding/lifecycle > runs through every stage to its end, with one change for each step and a percentage that grows",
    ]),
    must("tried again", "A failure in passing is tried again after a pause that doubles, three times in all.", [
      "onboarding/provisioning > twice in passing is asked again after a time that doubles, and the operation succeeds",
      "onboarding/provisioning > in passing each time fails the operation in the end, and it may be tried again",
    ]),
    must("failed", "A failure for good ends the operation with its error, and the domain stays held.", [
      "onboarding/provisioning > for good fails the operation and its customer, and says which stage and not why",
    ]),
    must("retried", "A failed operation is retried at its stage, with a customer that the rules accept.", [
      "onboarding/repair > is retried with a corrected customer at the stage that failed, and succeeds with its domain",
      "onboarding/repair > is retried with what the rules of the country make of the correction, and not with what they refuse",
      "onboarding/repair > for good is not retried when nothing is corrected, and a wrong correction changes nothing",
    ]),
    must("released", "A failed operation that nobody retries gives its domain free.", [
      "onboarding/repair > keeps its domain for the time that it can be repaired, then gives it free and is not retried any more",
    ]),
    must("canceled", "Canceling undoes what was made, by the action or by the status; then the domain is free.", [
      "server/cancel > ends an operation as a change of its status does, gives its domain free, and again changes nothing",
      "server/cancel > has the work loop undo what was made, and the domain is free after that",
      "onboarding/lifecycle > and is canceled is undone when the stage in hand has ended, and only then is its domain free",
    ]),
    must("not undone", "What cannot be undone is given up in the end, and the domain is free all the same.", [
      "onboarding/repair > is tried again after pauses that grow, and given up in the end: the domain is free all the same",
    ]),
    must("deleted", "Deleting an operation that has succeeded leaves its customer alone.", [
      "onboarding/deletion > that has succeeded takes it away and leaves the customer and its domain as they are",
    ]),
    must("purged", "What was deleted is purged after 30 days, and told to delta.", [
      "onboarding/repair > is purged after its time, its domain free with it, and not before (D18)",
      "onboarding/repair > and purged is told to delta as removed, as long as its changes are kept",
    ]),
    must("Retry-After", "An operation that is not at its end says when to ask again.", [
      "server/answers > an operation that is %s has the Retry-After %s",
    ]),
    must(
      "contract",
      "Each stage of each provisioner survives faults, crashes and lost answers, and makes nothing twice.",
      [
        "provisioners/contract > succeeds after %s, and nothing is made twice",
        "provisioners/contract > succeeds after a crash %s the call, and nothing is made twice",
        "provisioners/contract > fails for good when it is refused; the domain is held, and free at the end with nothing left behind",
        "provisioners/contract > is tried again by a retry after it failed in passing each time, and then succeeds",
        "provisioners/contract > leaves nothing behind when the operation is canceled after an answer was lost, and frees the domain",
      ],
    ),
    must("any order", "Requests, faults, deaths and time in any order end as the model says.", [
      "onboarding/life > whatever is asked, breaks or takes its time on %s, an operation is where it ought to be, and no domain stays held",
    ]),
    must("many at once", "200 customers by four processes, two of them killed: all succeed, each stage made once.", [
      "cli/onboarding-at-once > 200 customers at once, 4 processes on one postgres, two killed on the way: all succeed, each stage made once",
    ]),
    must("credentials", "Credentials are handed over once, and stand nowhere else.", [
      "onboarding/credentials > are handed over once, and by either name of the action",
      "onboarding/credentials > stand nowhere else: not in the database, the log, the changes, a repetition, or another answer",
      "onboarding/credentials > are not in what a receiver of notifications is told, nor in what is kept of its deliveries",
    ]),
  ],
};
