import {
  AlertRegular,
  ArrowSyncCircleRegular,
  CodeRegular,
  DataTrendingRegular,
  type FluentIcon,
  PeopleRegular,
} from "@fluentui/react-icons";
import { texts } from "../texts.ts";
import type { Crumb } from "./trail.tsx";

/** The pages that the navigation leads to. */
export const destinations: readonly { readonly path: string; readonly label: string; readonly Icon: FluentIcon }[] = [
  { path: "/", label: texts.shell.dashboard, Icon: DataTrendingRegular },
  { path: "/customers", label: texts.shell.customers, Icon: PeopleRegular },
  { path: "/operations", label: texts.shell.operations, Icon: ArrowSyncCircleRegular },
  { path: "/subscriptions", label: texts.shell.subscriptions, Icon: AlertRegular },
  { path: "/explorer", label: texts.shell.explorer, Icon: CodeRegular },
];

/** The lists in which what has a page of its own is found. */
export const customersCrumb: Crumb = { to: "/customers", label: texts.shell.customers };
export const operationsCrumb: Crumb = { to: "/operations", label: texts.shell.operations };
export const subscriptionsCrumb: Crumb = { to: "/subscriptions", label: texts.shell.subscriptions };
