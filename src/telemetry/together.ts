/** Makes of work what is done once for all who want it meanwhile: the gauges that one question answers all ask it. */
export function together(work: () => Promise<void>): () => Promise<void> {
  let underWay: Promise<void> | undefined;
  return () => {
    underWay ??= work().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}
