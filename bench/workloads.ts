import { addCustomer } from "./w1-add-customer.ts";
import { readCustomer } from "./w2-read.ts";
import { readPages } from "./w3-page.ts";
import { addBatch } from "./w4-batch.ts";
import { readChanges } from "./w5-delta.ts";
import type { Workload } from "./workload.ts";

/** What servers are compared by. */
export const workloads: readonly Workload[] = [addCustomer, readCustomer, readPages, addBatch, readChanges];
