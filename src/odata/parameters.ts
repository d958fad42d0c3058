import type { BoundOperation } from "../model/bound-operation.ts";
import type { Members } from "../model/choice.ts";
import type { EntityType, Values } from "../model/define.ts";
import { type Complaint, refuse } from "../model/problem.ts";
import { assertObject, checkBody, complaintsMax } from "./body.ts";
import { isAnnotation } from "./values.ts";

/**
 * Reads the parameters of an action (OData JSON Format 18): what is to be changed of an entity, under the name of its
 * type, or none at all; undefined when nothing is to be changed. Refuses all faults at once.
 */
export function checkParameters(type: EntityType | undefined, json: unknown, members: Members): Values | undefined {
  const complaints: Complaint[] = [];
  let values: Values | undefined;
  for (const [name, value] of Object.entries(assertObject(json))) {
    if (isAnnotation(name)) continue;
    if (type === undefined || name !== type.name) {
      const takes = type === undefined ? "It takes none." : `It takes '${type.name}'.`;
      const message = `'${name}' is not a parameter of this action. ${takes}`;
      complaints.push({ code: "unknownProperty", message, target: name });
    } else if (value !== null) {
      const checked = checkBody(type, "update", value, members, `${name}/`);
      values = checked.values;
      complaints.push(...checked.complaints);
    }
  }
  refuse(complaints.slice(0, complaintsMax));
  return values;
}

/** Reads the parameters of an action that has some of its own (OData JSON Format 18). Refuses all faults at once. */
export function checkOwnParameters({ name, parameters }: BoundOperation, json: unknown, members: Members): Values {
  const type = { name, set: name, description: name, properties: parameters, navigation: {} };
  const { values, complaints } = checkBody(type, "create", json, members);
  refuse(complaints.slice(0, complaintsMax));
  return values;
}
