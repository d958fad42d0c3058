/** Says what is wrong in a URL, what was expected instead, and at which character of the decoded text. */
export class SyntaxProblem extends Error {
  override readonly name = "SyntaxProblem";
  /** The character of the decoded text where it goes wrong, counted from 0 in UTF-16 units. */
  readonly position: number;
  /** The query option that is at fault, where it is known. */
  readonly option: string | undefined;

  constructor(message: string, position: number, more: ErrorOptions & { readonly option?: string } = {}) {
    super(message, more);
    this.position = position;
    this.option = more.option;
  }
}
