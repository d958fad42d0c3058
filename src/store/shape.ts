const shapesMax = 20_000;

/** What stands at one place of a statement, as far as its shape goes: the texts of a piece, or some value. */
export type Piece = readonly string[] | "value";

/** The texts of all statements that are put together in the same way are one and the same array. */
interface Shape {
  readonly followers: Map<Piece, Shape>;
  /** The piece that followed the last time, and the shape with it. Mostly it is the one that follows the next time. */
  piece: Piece | undefined;
  follower: Shape | undefined;
  texts: readonly string[] | undefined;
}

let shapes = new Map<readonly string[] | string, Shape>();
let count = 0;

/**
 * Gives the texts of a statement by how it is put together: each time the same array, so that whoever works something
 * out of the texts, such as a prepared statement, finds it again by the array. Filters come in any number of shapes:
 * when there are too many, all are forgotten, and found out anew.
 */
export function textsOf(
  start: readonly string[] | string,
  pieces: readonly Piece[],
  assemble: () => readonly string[],
): readonly string[] {
  let shape = shapes.get(start) ?? begin(shapes, start);
  for (const piece of pieces) shape = follow(shape, piece);
  shape.texts ??= assemble();
  return shape.texts;
}

function follow(shape: Shape, piece: Piece): Shape {
  if (shape.piece === piece && shape.follower !== undefined) return shape.follower;
  shape.piece = piece;
  shape.follower = shape.followers.get(piece) ?? begin(shape.followers, piece);
  return shape.follower;
}

function begin<Key>(among: Map<Key, Shape>, key: Key): Shape {
  const shape: Shape = { followers: new Map(), piece: undefined, follower: undefined, texts: undefined };
  among.set(key, shape);
  count++;
  if (count > shapesMax) {
    shapes = new Map();
    count = 0;
  }
  return shape;
}
