const sliceMilliseconds = 1;

interface Asked<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Carries out what is asked for in a tick at its end, one after the other, and gives the answers together; what has taken
 * a millisecond by then is answered before the next. An answer that goes out while there is more to do wakes its client up
 * for itself, and that takes longer than to read an entity.
 */
export function atEndOfTick<Item, Answer>(carryOut: (item: Item) => Answer): (item: Item) => Promise<Answer> {
  const waiting: Asked<Item, Answer>[] = [];

  function carryOutWaiting(): void {
    const end = performance.now() + sliceMilliseconds;
    do carryOutNext();
    while (waiting.length > 0 && performance.now() < end);
    if (waiting.length > 0) setImmediate(carryOutWaiting);
  }

  function carryOutNext(): void {
    const next = waiting.shift();
    try {
      if (next !== undefined) next.resolve(carryOut(next.item));
    } catch (error) {
      next?.reject(error);
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(carryOutWaiting);
      waiting.push({ item, resolve, reject });
    });
}
