import { Badge, type BadgeProps } from "@fluentui/react-components";
import type { CustomerLifecycleState } from "../../../src/client/types.ts";
import { texts } from "../texts.ts";

const colors: Readonly<Record<CustomerLifecycleState, NonNullable<BadgeProps["color"]>>> = {
  provisioning: "informative",
  active: "success",
  suspended: "warning",
  removing: "warning",
  removed: "subtle",
  failed: "danger",
  unknownFutureValue: "subtle",
};

/** Where in its life a customer is. */
export function LifecycleBadge({ state }: { readonly state: CustomerLifecycleState }) {
  return (
    <Badge appearance="tint" color={colors[state]}>
      {texts.lifecycle[state]}
    </Badge>
  );
}
