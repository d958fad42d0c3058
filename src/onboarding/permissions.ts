import { Problem } from "../model/problem.ts";
import type { Caller, Permission } from "./offer.ts";

/** The permissions that include another: ReadWrite includes Read, and `Customer.*` includes operations. */
const includedIn: Readonly<Record<Permission, readonly Permission[]>> = {
  "CustomerCreationOperation.Read.All": [
    "CustomerCreationOperation.ReadWrite.All",
    "Customer.Read.All",
    "Customer.ReadWrite.All",
  ],
  "CustomerCreationOperation.ReadWrite.All": ["Customer.ReadWrite.All"],
  "Customer.Read.All": ["Customer.ReadWrite.All"],
  "Customer.ReadWrite.All": [],
  "AuditEvent.Read.All": [],
};

export const permissions: readonly string[] = Object.keys(includedIn);

/** Lists every permission that suffices where the given one is asked for, least privileged first. */
export function sufficientPermissions(permission: Permission): readonly Permission[] {
  return [permission, ...includedIn[permission]];
}

/** Refuses a caller who has none of the permissions that suffice. */
export function assertPermitted(caller: Caller, permission: Permission): void {
  const sufficient = sufficientPermissions(permission);
  if (sufficient.some((each) => caller.permissions.has(each))) return;
  throw new Problem(
    "accessDenied",
    `Insufficient privileges to complete the operation. It needs the permission ${sufficient.join(" or ")}.`,
  );
}
