// As many as a batch of the service holds, and a few batches on their way.
const size = 20;
const atOnce = 4;

/** Works on items in packets, several packets at once. When one fails no more is begun, and its error is thrown. */
export async function inPackets<Item>(
  items: AsyncIterable<Item>,
  work: (packet: readonly Item[]) => Promise<void>,
): Promise<void> {
  const packets = gather(items);
  // Whoever leaves the loop by an error ends the packets for all.
  const workOn = async () => {
    for await (const packet of packets) await work(packet);
  };
  const workers = await Promise.allSettled(Array.from({ length: atOnce }, workOn));
  const failed = workers.find((worker) => worker.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

async function* gather<Item>(items: AsyncIterable<Item>): AsyncGenerator<readonly Item[], void> {
  let packet: Item[] = [];
  for await (const item of items) {
    packet.push(item);
    if (packet.length < size) continue;
    yield packet;
    packet = [];
  }
  if (packet.length > 0) yield packet;
}
