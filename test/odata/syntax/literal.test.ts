import { describe, expect, test } from "vitest";
import { parseExpression } from "../../../src/odata/syntax/parse.ts";
import { faultOf } from "./fault.ts";
import { outline } from "./outline.ts";

const accepted: readonly (readonly [string, string, string])[] = [
  ["null is written small", "null", "null"],
  ["true and false are read in any casing", "[true,FALSE]", "[boolean:true boolean:false]"],
  ["Null is a name", "Null", "Null"],
  ["a whole number keeps its digits", "12345678901234567890", "integer:12345678901234567890"],
  ["a plus sign is dropped", "+7", "integer:7"],
  ["decimals make a decimal", "-3.50", "decimal:-3.50"],
  ["an exponent makes a double", "1e-10", "double:1e-10"],
  ["an exponent may have a plus sign and decimals in front", "1.5E+3", "double:1.5E+3"],
  ["infinities and not-a-number are doubles", "[INF,-INF,NaN]", "[double:INF double:-INF double:NaN]"],
  ["a name may begin like infinity", "-INFO", "(negate INFO)"],
  ["a text is quoted", "'Olá, 世界'", "'Olá, 世界'"],
  ["a quote in a text is doubled", "'it''s'''", "'it's''"],
  ["a text may be empty", "''", "''"],
  [
    "a GUID may begin with a letter",
    "a1234567-89ab-cdef-0123-456789ABCDEF",
    "guid:a1234567-89ab-cdef-0123-456789ABCDEF",
  ],
  ["a GUID may begin like a date", "20240101-1212-1212-1212-121212121212", "guid:20240101-1212-1212-1212-121212121212"],
  ["a date has year, month and day", "2024-02-29", "date:2024-02-29"],
  ["a year may be negative and long", "-12024-02-29", "date:-12024-02-29"],
  ["an instant has a time and a zone", "2024-02-29T23:59:60.123Z", "dateTimeOffset:2024-02-29T23:59:60.123Z"],
  ["an instant may lack seconds and have an offset", "2024-02-29t10:30-05:30", "dateTimeOffset:2024-02-29T10:30-05:30"],
  ["a time of day may lack seconds", "10:30", "timeOfDay:10:30"],
  ["a time of day may have twelve decimals", "10:30:00.123456789012", "timeOfDay:10:30:00.123456789012"],
  ["a duration may have its prefix", "duration'-p1dt2h3m4.5s'", "duration:-P1DT2H3M4.5S"],
  ["a duration without prefix is a text until it is bound", "'P1D'", "'P1D'"],
  ["an enumeration value has its type in front", "N.S.Color'Red,-4,+2'", "enum:N.S.Color:Red|-4|2"],
  [
    "bytes may lack their padding",
    "[binary'',binary'Zg',binary'Zg==',binary'Zm8=']",
    "[binary: binary:Zg binary:Zg== binary:Zm8=]",
  ],
  [
    "a point has two to four coordinates",
    "geography'SRID=4326;Point(1 2.5 -3 4e1)'",
    "geography:4326:Point(1 2.5 -3 4e1)",
  ],
  ["a line has two positions or more", "geometry'SRID=0;LineString(1 2,3 4)'", "geometry:0:LineString(1 2,3 4)"],
  ["a polygon has rings", "geometry'SRID=0;Polygon((0 0,1 0,1 1,0 0))'", "geometry:0:Polygon((0 0,1 0,1 1,0 0))"],
  ["a multi form may be empty", "geometry'SRID=0;MultiLineString()'", "geometry:0:MultiLineString()"],
  [
    "a collection holds other shapes",
    "geometry'SRID=0;GeometryCollection(Point(1 2),MultiPoint((1 2),(3 4)))'",
    "geometry:0:GeometryCollection(Point(1 2),MultiPoint((1 2),(3 4)))",
  ],
];

describe("a literal", () => {
  test.each(accepted)("%s", (_name, input, expected) => {
    const tree = parseExpression(input);

    expect(outline(tree)).toBe(expected);
  });
});

const refused: readonly (readonly [string, string, number])[] = [
  ["a text must be closed", "a eq 'x", 7],
  ["a lone quote in a text ends it", "'O'Neil'", 3],
  ["a number must not end in a dot", "42.", 2],
  ["a number must not begin with a dot", ".5", 0],
  ["a number has one exponent", "1e2e3", 3],
  ["a name must not touch a number", "5abc", 1],
  ["a plus sign is no operator", "+a", 0],
  ["a GUID has hexadecimal digits only", "0123456g-89ab-cdef-0123-456789abcdef", 7],
  ["a month is at most 12", "2024-13-01", 4],
  ["a day is at most 31", "2024-12-32", 4],
  ["an hour is at most 23", "2024-12-31T24:00Z", 11],
  ["an instant needs a zone", "2024-12-31T10:00", 16],
  ["a long year has no leading zero", "02024-12-31", 5],
  ["a duration needs a part", "duration'P'", 9],
  ["a duration needs a part after T", "duration'P1DT'", 9],
  ["a duration has no years", "duration'P1Y'", 9],
  ["bytes are in base64url", "binary'a+b/'", 7],
  ["bytes have no dangling bits", "binary'Zh'", 7],
  ["an enumeration type must be qualified", "Color'Red'", 0],
  ["literals of earlier versions are refused", "guid'01234567-89ab-cdef-0123-456789abcdef'", 0],
  ["an enumeration value names members", "N.Color'Red;Blue'", 11],
  ["an enumeration value is not empty", "N.Color''", 8],
  ["a shape needs its reference system", "geometry'Point(1 2)'", 9],
  ["a shape must be known", "geometry'SRID=0;Circle(1 2)'", 16],
  ["a line has no single position", "geometry'SRID=0;LineString(1 2)'", 30],
  ["a point has one position", "geometry'SRID=0;Point(1 2,3 4)'", 25],
];

describe("a wrong literal", () => {
  test.each(refused)("%s", (_name, input, position) => {
    const problem = faultOf(() => parseExpression(input));

    expect(problem.position).toBe(position);
  });
});
