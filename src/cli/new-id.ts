import { V7Generator } from "uuidv7";

const numbersMax = 1_024;
const numbers = new Uint32Array(numbersMax);
let used = numbersMax;

// A customer takes a dozen ids: the system is asked for chance once for hundreds of them.
const generator = new V7Generator({
  nextUint32() {
    if (used === numbersMax) {
      crypto.getRandomValues(numbers);
      used = 0;
    }
    return numbers[used++] ?? 0;
  },
});

/** Makes an id that no other has: a UUID of version 7 (RFC 9562 section 5.7). */
export function newId(): string {
  return generator.generate().toString();
}
