/** How much one text may ask of the parser; beyond it the text is refused. */
export type SyntaxLimits = {
  /** Characters of one decoded text. */
  readonly lengthMax: number;
  /** Constructs inside one another: parentheses, arguments, lambdas, arrays, options of an item. */
  readonly depthMax: number;
  /** Operands, values of lists, items, and segments of paths behind the first, of one text together. */
  readonly termsMax: number;
};

/** The limits that hold where the caller gives none. */
export const syntaxLimits = { lengthMax: 16_000, depthMax: 100, termsMax: 1_000 } as const satisfies SyntaxLimits;

/** How much the options of one request may ask together, once their names are resolved. */
export const queryLimits = {
  /** Parts of all expressions, counted anew wherever an alias or a computed value is used. */
  nodesMax: 4_000,
  /** Parts of one expression inside one another. A chain of `and` or of `or` counts as little as it can be halved. */
  depthMax: 120,
  orderKeysMax: 16,
  computedMax: 50,
} as const;
