/** Says what is wrong in a URL, what was expected instead, and at which character of the decoded text. */
export class SyntaxProblem extends Error {
  override readonly name = "SyntaxProblem";
  /** The character of the decoded text where it goes wrong, counted from 0 in UTF-16 units. */
  readonly position: number;

  constructor(message: string, position: number, options?: ErrorOptions) {
    super(message, options);
    this.position = position;
  }
}
