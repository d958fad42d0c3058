import { Badge, type BadgeProps } from "@fluentui/react-components";
import type { NotificationDeliveryStatus } from "../../../src/client/types.ts";
import { texts } from "../texts.ts";

const colors: Readonly<Record<NotificationDeliveryStatus, NonNullable<BadgeProps["color"]>>> = {
  delivered: "success",
  retrying: "warning",
  dropped: "danger",
  unknownFutureValue: "subtle",
};

/** What has come of a delivery. */
export function DeliveryBadge({ status }: { readonly status: NotificationDeliveryStatus }) {
  return (
    <Badge appearance="tint" color={colors[status]}>
      {texts.subscriptions.deliveries.statuses[status]}
    </Badge>
  );
}
