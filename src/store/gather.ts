// So that a lone request is never delayed, and one that comes while others are under way waits for one of them at most.
const underWayMax = 2;
const groupSizeMax = 100;

/** What waits to be carried out, and how that is told. */
interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

interface Queue<Item, Answer> {
  readonly waiting: Waiting<Item, Answer>[];
  underWay: number;
}

/**
 * Gathers what is asked for in the same tick, or while as much of its kind is under way as may be, and carries it out
 * together. What fails together is carried out one by one, so that each has an outcome of its own.
 */
export function gatherer<Item, Answer>(carry: {
  readonly together: (items: readonly Item[]) => Promise<readonly Answer[]>;
  readonly alone: (item: Item) => Promise<Answer>;
  /** Whether, after such a failure, nothing of what was tried together has taken place. */
  readonly isUndone: (error: unknown) => boolean;
}): (kind: string, item: Item) => Promise<Answer> {
  const queues = new Map<string, Queue<Item, Answer>>();

  function next(kind: string, queue: Queue<Item, Answer>): void {
    if (queue.waiting.length === 0 || queue.underWay >= underWayMax) {
      if (queue.underWay === 0) queues.delete(kind);
      return;
    }
    const group = queue.waiting.splice(0, groupSizeMax);
    queue.underWay++;
    void carryOut(group).finally(() => {
      queue.underWay--;
      next(kind, queue);
    });
  }

  async function carryOut(group: readonly Waiting<Item, Answer>[]): Promise<void> {
    const [first] = group;
    if (first !== undefined && group.length === 1) return carryOutAlone(first);
    try {
      const answers = await carry.together(group.map(({ item }) => item));
      for (const [index, answer] of answers.entries()) group[index]?.resolve(answer);
    } catch (error) {
      if (carry.isUndone(error)) await Promise.all(group.map(carryOutAlone));
      else for (const { reject } of group) reject(error);
    }
  }

  async function carryOutAlone({ item, resolve, reject }: Waiting<Item, Answer>): Promise<void> {
    try {
      resolve(await carry.alone(item));
    } catch (error) {
      reject(error);
    }
  }

  return (kind, item) =>
    new Promise((resolve, reject) => {
      let queue = queues.get(kind);
      if (queue === undefined) {
        queue = { waiting: [], underWay: 0 };
        queues.set(kind, queue);
      }
      queue.waiting.push({ item, resolve, reject });
      if (queue.waiting.length > 1 || queue.underWay >= underWayMax) return;
      const gathered = queue;
      setImmediate(() => next(kind, gathered));
    });
}
