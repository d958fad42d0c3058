import { Button, MessageBar, MessageBarBody, makeStyles, useRestoreFocusTarget } from "@fluentui/react-components";
import { ArrowRepeatAllRegular, CalendarAddRegular, DeleteRegular, SendRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useParams } from "react-router";
import type { NotificationDelivery, Subscription } from "../../../src/client/types.ts";
import { useApi } from "../api/api-context.tsx";
import { formatInstant } from "../customers/format.ts";
import { PropertyList } from "../customers/property-list.tsx";
import { subscriptionsCrumb } from "../shell/destinations.tsx";
import { Failure } from "../shell/failure.tsx";
import { Loaded } from "../shell/loaded.tsx";
import { PageHead } from "../shell/page-head.tsx";
import { texts } from "../texts.ts";
import { DeliveryTable } from "./delivery-table.tsx";
import { InstantDialog } from "./instant-dialog.tsx";
import { pathOf, useRedeliver, useRenew, useTest } from "./subscription-actions.ts";
import { printChangeTypes, printTlsVersion, sayResource } from "./subscription-words.ts";
import { UnsubscribeDialog } from "./unsubscribe-dialog.tsx";

const useStyles = makeStyles({ messages: { display: "grid", gap: "8px", marginBottom: "16px" } });

const dayMilliseconds = 86_400_000;
const daysRenewed = 28;

const { details, form, columns } = texts.subscriptions;

/** Everything about one subscription: what it watches, what was sent, and what can be done. */
export function SubscriptionPage() {
  const { id = "" } = useParams();
  const api = useApi();
  const query = useQuery({
    queryKey: ["subscriptions", id],
    queryFn: () => api.read<Subscription>(pathOf(id)),
  });
  return (
    <Loaded query={query} title={details.title("")} trail={[subscriptionsCrumb]}>
      {(subscription) => <SubscriptionDetails subscription={subscription} />}
    </Loaded>
  );
}

type Asking = "renewal" | "redelivery" | "deletion";

function SubscriptionDetails({ subscription }: { readonly subscription: Subscription }) {
  const { id } = subscription;
  const styles = useStyles();
  const [asking, setAsking] = useState<Asking>();
  // Where the focus goes when a question is answered.
  const restored = useRestoreFocusTarget();
  const [renew, redeliver, test] = [useRenew(id), useRedeliver(id), useTest(id)];
  const ask = (about: Asking) => {
    // What came of the last time is no fault of this one.
    for (const each of [renew, redeliver, test]) each.reset();
    setAsking(about);
  };
  return (
    <>
      <PageHead title={details.title(sayResource(subscription.resource))} trail={[subscriptionsCrumb]}>
        <Button icon={<SendRegular />} disabledFocusable={test.isPending} onClick={() => test.mutate()}>
          {details.test}
        </Button>
        <Button {...restored} icon={<ArrowRepeatAllRegular />} onClick={() => ask("redelivery")}>
          {details.redeliver}
        </Button>
        <Button {...restored} icon={<CalendarAddRegular />} onClick={() => ask("renewal")}>
          {details.renew}
        </Button>
        <Button {...restored} icon={<DeleteRegular />} onClick={() => ask("deletion")}>
          {details.delete}
        </Button>
      </PageHead>
      <div className={styles.messages} role="status">
        {test.error === null ? null : <Failure error={test.error} />}
        {test.data === undefined ? null : <TestOutcome delivery={test.data} />}
        {renew.data === undefined ? null : (
          <Done text={details.renewed(formatInstant(renew.data.expirationDateTime))} />
        )}
        {redeliver.isSuccess ? <Done text={details.redelivered} /> : null}
        {redeliver.error === null || asking === "redelivery" ? null : <Failure error={redeliver.error} />}
      </div>
      <PropertyList properties={propertiesOf(subscription)} />
      <DeliveryTable
        subscriptionId={id}
        onRedeliver={(fromNotificationId) => redeliver.mutate({ fromNotificationId })}
      />
      <Questions asking={asking} id={id} renew={renew} redeliver={redeliver} onClose={() => setAsking(undefined)} />
    </>
  );
}

interface QuestionsProps {
  readonly asking: Asking | undefined;
  readonly id: string;
  readonly renew: ReturnType<typeof useRenew>;
  readonly redeliver: ReturnType<typeof useRedeliver>;
  readonly onClose: () => void;
}

/** What is asked before something is done. */
function Questions({ asking, id, renew, redeliver, onClose }: QuestionsProps) {
  if (asking === "renewal") {
    return (
      <InstantDialog
        words={texts.subscriptions.renewal}
        proposal={new Date(Date.now() + daysRenewed * dayMilliseconds)}
        error={renew.error}
        isPending={renew.isPending}
        onConfirm={(until) => renew.mutate(until, { onSuccess: onClose })}
        onClose={onClose}
      />
    );
  }
  if (asking === "redelivery") {
    return (
      <InstantDialog
        words={texts.subscriptions.redelivery}
        proposal={new Date(Date.now() - dayMilliseconds)}
        error={redeliver.error}
        isPending={redeliver.isPending}
        onConfirm={(since) =>
          redeliver.mutate(since === undefined ? {} : { fromDateTime: since }, { onSuccess: onClose })
        }
        onClose={onClose}
      />
    );
  }
  return asking === "deletion" ? <UnsubscribeDialog id={id} onClose={onClose} /> : null;
}

function TestOutcome({ delivery }: { readonly delivery: NotificationDelivery }) {
  const { status, latencyMilliseconds, statusCode, failure } = delivery;
  if (status === "delivered") return <Done text={details.tested(latencyMilliseconds, statusCode)} />;
  return (
    <MessageBar intent="error" layout="multiline">
      <MessageBarBody>{details.notTaken(failure ?? texts.subscriptions.deliveries.unanswered)}</MessageBarBody>
    </MessageBar>
  );
}

function Done({ text }: { readonly text: string }) {
  return (
    <MessageBar intent="success" layout="multiline">
      <MessageBarBody>{text}</MessageBarBody>
    </MessageBar>
  );
}

function propertiesOf(subscription: Subscription) {
  return [
    [columns.url, subscription.notificationUrl],
    [form.lifecycleUrl, subscription.lifecycleNotificationUrl],
    [columns.changes, printChangeTypes(subscription.changeType)],
    [form.filter, subscription.notificationQueryOptions],
    [columns.expires, formatInstant(subscription.expirationDateTime)],
    [form.clientState, details.clientState],
    [details.tls, printTlsVersion(subscription.latestSupportedTlsVersion)],
    [details.data, texts.yesOrNo(subscription.includeResourceData)],
    [details.application, subscription.applicationId],
    [details.id, subscription.id],
  ] as const;
}
