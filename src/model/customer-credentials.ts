import { computed } from "./define.ts";
import { type ComplexType, text } from "./kinds.ts";

/** The first administrator of a new tenant. No entity holds it: it is handed over once, by an action. */
export const customerCredentials = {
  name: "customerCredentials",
  description: "The first administrator of a new tenant.",
  properties: {
    userName: computed(text({ lengthMax: 256 }), "The name to sign in with."),
    password: computed(text({ lengthMax: 256 }), "The password, which must be changed at the first sign-in."),
  },
} as const satisfies ComplexType;
