/** Every limit of the service, by name. A setting of the same name may change it. */
export const limits = {
  requestsPerMinuteMax: 12_000,
  concurrentRequestsMax: 1_000,
  connectionsMax: 10_000,
  headersMilliseconds: 15_000,
  requestMilliseconds: 60_000,
  bodyBytesMax: 1_000_000,
  bodyDepthMax: 64,
  batchSizeMax: 20,
  urlLengthMax: 16_384,
  queryLengthMax: 200_000,
  headerBytesMax: 32_768,
  pageSizeDefault: 100,
  pageSizeMax: 999,
  reservationHours: 24,
  operationsClaimedMax: 16,
  leaseSeconds: 15,
  pollMilliseconds: 1_000,
  attemptsMax: 3,
  retrySecondsMin: 2,
  writeRetriesMax: 5,
  changeDaysMax: 30,
  deltaOptionsLengthMax: 6_000,
  repeatabilityHours: 24,
  repeatabilitySecondsAhead: 300,
  repeatabilityKeyLengthMax: 255,
  answerMilliseconds: 1_000,
  purgeSeconds: 60,
  recordsPurgedMax: 1_000,
} as const;

/** The limits as they are set. */
export type Limits = { readonly [Name in keyof typeof limits]: number };
