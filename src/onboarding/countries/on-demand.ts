/** Makes something when it is first asked for, and keeps it: what the first request does not need must not delay it. */
export function onDemand<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
