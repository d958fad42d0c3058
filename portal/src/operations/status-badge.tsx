import { Badge, type BadgeProps } from "@fluentui/react-components";
import type { CustomerCreationOperationStatus } from "../../../src/client/types.ts";
import { texts } from "../texts.ts";

const colors: Readonly<Record<CustomerCreationOperationStatus, NonNullable<BadgeProps["color"]>>> = {
  notStarted: "subtle",
  running: "informative",
  succeeded: "success",
  failed: "danger",
  canceled: "warning",
  unknownFutureValue: "subtle",
};

/** Where an operation stands. */
export function StatusBadge({ status }: { readonly status: CustomerCreationOperationStatus }) {
  return (
    <Badge appearance="tint" color={colors[status]}>
      {texts.statuses[status]}
    </Badge>
  );
}
