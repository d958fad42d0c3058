import { accept, type Cursor, enter, expect, leave, refuse } from "./cursor.ts";
import { digitsEnd, numberEnd } from "./temporal.ts";
import type { GeoLiteral } from "./tree.ts";

/** Reads the quoted part of a point, line, polygon or collection of them, after its prefix. */
export function readGeoLiteral(cursor: Cursor, kind: GeoLiteral["kind"], position: number): GeoLiteral {
  expect(cursor, "'");
  if (cursor.text.slice(cursor.position, cursor.position + 5).toUpperCase() !== "SRID=") refuse(cursor, "'SRID='");
  const start = cursor.position + 5;
  const end = digitsEnd(cursor.text, start);
  if (end === start || end > start + 5) refuse(cursor, "a reference system of up to five digits", start);
  const srid = Number(cursor.text.slice(start, end));
  cursor.position = end;
  expect(cursor, ";");
  const shapeStart = cursor.position;
  readShape(cursor);
  const text = cursor.text.slice(shapeStart, cursor.position);
  expect(cursor, "'");
  return { kind, srid, text, position };
}

type ReadPart = (cursor: Cursor) => void;

const readPoint: ReadPart = (cursor) => readGroup(cursor, readCoordinates, 1, 1);
const readLine: ReadPart = (cursor) => readGroup(cursor, readCoordinates, 2);
const readRing: ReadPart = (cursor) => readGroup(cursor, readCoordinates, 1);
const readPolygon: ReadPart = (cursor) => readGroup(cursor, readRing, 1);

const shapes: ReadonlyMap<string, ReadPart> = new Map([
  ["point", readPoint],
  ["linestring", readLine],
  ["polygon", readPolygon],
  ["multipoint", (cursor: Cursor) => readGroup(cursor, readPoint, 0)],
  ["multilinestring", (cursor: Cursor) => readGroup(cursor, readLine, 0)],
  ["multipolygon", (cursor: Cursor) => readGroup(cursor, readPolygon, 0)],
  ["geometrycollection", (cursor: Cursor) => readGroup(cursor, readShape, 1)],
]);

function readShape(cursor: Cursor): void {
  const start = cursor.position;
  const end = cursor.text.indexOf("(", start);
  const name = end === -1 || end > start + shapeNameLengthMax ? "" : cursor.text.slice(start, end).toLowerCase();
  const expected = "Point, LineString, Polygon, their Multi forms or GeometryCollection";
  const readRest = shapes.get(name) ?? refuse(cursor, expected);
  cursor.position = end;
  readRest(cursor);
}

const shapeNameLengthMax = "GeometryCollection".length;

/** Reads parts in parentheses with commas between them. */
function readGroup(cursor: Cursor, readPart: ReadPart, partsMin: number, partsMax = Number.POSITIVE_INFINITY): void {
  enter(cursor);
  expect(cursor, "(");
  let parts = 0;
  if (partsMin > 0 || cursor.text[cursor.position] !== ")") {
    do {
      readPart(cursor);
      parts += 1;
    } while (parts < partsMax && accept(cursor, ","));
  }
  if (parts < partsMin) refuse(cursor, "','");
  expect(cursor, ")");
  leave(cursor);
}

/** Reads longitude and latitude, and perhaps altitude and measure, with one space between them. */
function readCoordinates(cursor: Cursor): void {
  readCoordinate(cursor);
  expect(cursor, " ");
  readCoordinate(cursor);
  for (let more = 0; more < 2 && accept(cursor, " "); more += 1) readCoordinate(cursor);
}

function readCoordinate(cursor: Cursor): void {
  const { text, position } = cursor;
  const word = ["NaN", "INF", "-INF"].find((candidate) => text.startsWith(candidate, position));
  const end = word === undefined ? numberEnd(text, position) : position + word.length;
  if (end === position) refuse(cursor, "a coordinate");
  cursor.position = end;
}
