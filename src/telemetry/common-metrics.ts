import cluster from "node:cluster";
import { AggregatorRegistry, type Registry } from "prom-client";

/** A worker asks for the numbers of all, and is answered with the same number. */
interface Question {
  readonly metrics: "ask";
  readonly number: number;
}

/** What is told of all workers; undefined when one of them did not answer. */
interface Answer {
  readonly metrics: "tell";
  readonly number: number;
  readonly text: string | undefined;
}

/** In the process that has started the workers: adds up their numbers for whichever of them is asked. */
export function addUpMetrics(): void {
  const registry = new AggregatorRegistry();
  cluster.on("message", (worker, message: unknown) => {
    if (!isQuestion(message)) return;
    const tell = (text: string | undefined) => {
      const answer: Answer = { metrics: "tell", number: message.number, text };
      if (worker.isConnected()) worker.send(answer);
    };
    registry.clusterMetrics().then(tell, () => tell(undefined));
  });
}

/** Gives what prints the numbers of this process, or, in a worker, those of all workers together. */
export function printerOf(registry: Registry): () => Promise<string> {
  const send = process.send?.bind(process);
  if (!cluster.isWorker || send === undefined) return () => registry.metrics();
  AggregatorRegistry.setRegistries(registry);
  // It is made for what it does then: it answers when it is asked for the numbers of this process.
  new AggregatorRegistry();
  const waiting = new Map<number, PromiseWithResolvers<string>>();
  let asked = 0;
  process.on("message", (message: unknown) => {
    if (!isAnswer(message)) return;
    const { number, text } = message;
    if (text === undefined) waiting.get(number)?.reject(new Error("Not every worker has told its metrics."));
    else waiting.get(number)?.resolve(text);
    waiting.delete(number);
  });
  return () => {
    const question: Question = { metrics: "ask", number: asked++ };
    const told = Promise.withResolvers<string>();
    waiting.set(question.number, told);
    send(question);
    return told.promise;
  };
}

function isQuestion(message: unknown): message is Question {
  return kindOf(message) === "ask";
}

function isAnswer(message: unknown): message is Answer {
  return kindOf(message) === "tell";
}

function kindOf(message: unknown): unknown {
  return typeof message === "object" && message !== null && "metrics" in message ? message.metrics : undefined;
}
