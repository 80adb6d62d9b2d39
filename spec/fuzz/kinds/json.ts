import fc from "fast-check";
import { ProtocolError } from "../../../lib/errors/connection-errors.js";
import { JsonMessageReader } from "../../../lib/wire/json-messages.js";
import { cut, cuts, type KindFactory, mustEqual, mutated, mutations, Outcomes } from "../kind.js";

interface Read {
  documents: unknown[];
  isValid: boolean;
}

function read(pieces: readonly Buffer[]): Read {
  const reader = new JsonMessageReader();
  const documents: unknown[] = [];
  try {
    for (const piece of pieces) reader.read(piece, (document) => documents.push(document));
    reader.end();
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return { documents, isValid: false };
  }
  return { documents, isValid: true };
}

/** Parses each line; undefined unless each is one document. */
function linesOf(text: string): Read | undefined {
  if (!text.endsWith("\n") || text.includes("\u001e")) return undefined;
  try {
    const documents = text
      .split("\n")
      .filter((line) => /[^\r\t ]/.test(line))
      .map((line): unknown => JSON.parse(line));
    return { documents, isValid: true };
  } catch {
    return undefined;
  }
}

/** Layouts of several documents. */
const layouts: readonly ((all: readonly string[]) => string)[] = [
  (all) => all.map((document) => `${document}\n`).join(""),
  (all) => all.map((document) => `${document}\r\n`).join(""),
  (all) => all.join(""),
  (all) => all.map((document) => `\u001e${document}\n`).join(""),
  (all) => all.map((document) => `${JSON.stringify(JSON.parse(document), null, 2)}\n`).join(""),
  (all) => all.map((document) => `\n \t${document} \r\n`).join(""),
];

/** Streams of JSON documents, some of them broken, cut anywhere. */
export const json: KindFactory = () => {
  const outcomes = new Outcomes();
  const document = fc
    .oneof(
      fc.object({ withNullPrototype: false }),
      fc.array(fc.jsonValue()),
      fc.record({ status: fc.string({ unit: "grapheme" }) }),
    )
    .map((value) => JSON.stringify(JSON.parse(JSON.stringify(value))));
  const snippets = ["{", "}", "[", "]", '"', "\\", "\n", "\r", "\u001e", "null", "{}", '"}', "\xe2\x82", "1"];
  const property = fc.property(
    fc.array(document, { maxLength: 6 }),
    fc.constantFrom(...layouts),
    mutations(snippets),
    cuts(),
    (documents, layout, changes, places) => {
      const bytes = mutated(Buffer.from(layout(documents)), changes);
      const whole = read([Buffer.from(bytes)]);
      mustEqual("the same documents cut otherwise", read(cut(bytes, places)), whole);
      const expected =
        changes.length === 0
          ? { documents: documents.map((one): unknown => JSON.parse(one)), isValid: true }
          : linesOf(bytes.toString());
      if (expected) mustEqual("documents", whole, expected);
      outcomes.count(expected ? "compared" : whole.isValid ? "valid" : "rejected");
    },
  );
  return { about: "JSON messages against JSON.parse", property, outcomes, close: () => undefined };
};
