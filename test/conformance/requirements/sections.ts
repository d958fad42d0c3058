import type { Section } from "../requirement.ts";
import { customerFaults } from "./customer-faults.ts";
import { faults } from "./faults.ts";
import { graph } from "./graph.ts";
import { notifications } from "./notifications.ts";
import { odata40Advanced, odata40Intermediate } from "./odata-40-higher.ts";
import { odata40Minimal } from "./odata-40-minimal.ts";
import { odata401Advanced, odata401Intermediate } from "./odata-401-higher.ts";
import { odata401Minimal } from "./odata-401-minimal.ts";
import { operationLife } from "./operation-life.ts";

/** All lists, in the order of the page. */
export const sections: readonly Section[] = [
  odata40Minimal,
  odata40Intermediate,
  odata40Advanced,
  odata401Minimal,
  odata401Intermediate,
  odata401Advanced,
  graph,
  faults,
  customerFaults,
  operationLife,
  notifications,
];
