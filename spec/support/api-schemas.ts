import { readFileSync } from "node:fs";
import { compareVersions } from "../../lib/wire/api-version.js";

/** A type as documents write it, and the ones that it was before. */
export interface TypeFact {
  type: string;
  was?: { until: string; type: string }[];
}

/** What Docker's documents, and engines, say of a field of a JSON object. */
export interface FieldFact extends TypeFact {
  /** The version that brought it to its place on the wire; without it, 1.25 or earlier. */
  since?: string;
  /** The version that brought it to this schema, where the place on the wire had it under another. */
  here?: string;
  /** The first version without it. */
  removed?: string;
  /** Whether another schema has it from there on. */
  moved?: true;
  /** Whether engines were seen to send null, or documents at least allow it. */
  nullable?: "sent" | "documented";
  required?: true;
  enum?: string[];
  /** Whether engines send it though no document knows it. */
  undocumented?: true;
}

interface SchemaFact {
  kind: "object" | "enum" | "alias";
  since?: string;
  removed?: string;
  /** What an alias stands for. */
  type?: string;
  was?: { until: string; type: string }[];
  enum?: string[];
  extends?: string[];
  extendsWas?: { until: string; extends: string[] }[];
  fields?: Record<string, FieldFact>;
}

/** A type in its parts. */
export type Shape =
  | { kind: "string" | "integer" | "number" | "boolean" | "object" | "any" | "null" }
  | { kind: "list" | "map"; item: Shape }
  | { kind: "either"; options: Shape[] }
  | { kind: "schema"; name: string };

interface Facts {
  operations: Record<string, { request?: TypeFact; answer?: TypeFact }>;
  schemas: Record<string, SchemaFact>;
}

const facts = JSON.parse(readFileSync(new URL("../fixtures/api-schemas.json", import.meta.url), "utf8")) as Facts; // made by its script

/** The schemas of an operation's JSON body and answer, by its ID. */
export const operationSchemas = facts.operations;

/** The first version whose bodies are documented. */
export const FIRST = "1.25";
/** Every version from the first to the newest. */
export const versions = Array.from({ length: 31 }, (_, index) => `1.${25 + index}`);

const known = (version: string, since: string | undefined, removed: string | undefined): boolean =>
  compareVersions(version, since ?? FIRST) >= 0 && (removed === undefined || compareVersions(version, removed) < 0);

/** The type that something had in a version. */
export const typeAt = ({ type, was = [] }: TypeFact, version: string): string =>
  was.find(({ until }) => compareVersions(version, until) <= 0)?.type ?? type;

const split = (text: string): string[] => {
  const parts: string[] = [""];
  let depth = 0;
  for (const character of text) {
    if (character === "<" || character === "(") depth++;
    if (character === ">" || character === ")") depth--;
    if (character === "|" && depth === 0) parts.push("");
    else parts.push(`${parts.pop() ?? ""}${character}`);
  }
  return parts;
};

const plain = ["string", "integer", "number", "boolean", "object", "any", "null"] as const;

/** Reads a type such as `map<PortBinding[]|null>`. */
export function parseType(text: string): Shape {
  const parts = split(text);
  if (parts.length > 1) return { kind: "either", options: parts.map(parseType) };
  if (text.endsWith("[]")) return { kind: "list", item: parseType(text.slice(0, -2)) };
  if (text.startsWith("map<")) return { kind: "map", item: parseType(text.slice(4, -1)) };
  if (text.startsWith("(")) return parseType(text.slice(1, -1));
  const kind = plain.find((name) => name === text);
  return kind === undefined ? { kind: "schema", name: text } : { kind };
}

/** What a schema was in a version: undefined when that version had none of the name. */
export function schemaAt(name: string, version: string): SchemaFact | undefined {
  const schema = facts.schemas[name];
  if (!schema || !known(version, schema.since, schema.removed)) return undefined;
  const type = schema.was?.find(({ until }) => compareVersions(version, until) <= 0)?.type;
  return type === undefined ? schema : { kind: "alias", type };
}

/** A field, and the schema that has it. */
interface OwnedField {
  owner: string;
  name: string;
  fact: FieldFact;
}

/** The fields of an object in a version, with those that it takes over from others. */
export function fieldsAt(name: string, version: string): OwnedField[] {
  const schema = schemaAt(name, version);
  if (schema?.kind !== "object") return [];
  const former = schema.extendsWas?.find(({ until }) => compareVersions(version, until) <= 0)?.extends;
  const extended = (former ?? schema.extends ?? []).flatMap((parent) => fieldsAt(parent, version));
  const own = Object.entries(schema.fields ?? {})
    .filter(([, fact]) => known(version, fact.here ?? fact.since, fact.removed))
    .map(([field, fact]) => ({ owner: name, name: field, fact }));
  return [...extended, ...own];
}

/** Every field of every schema that a version has, as `Schema.field`. */
export const everyFieldAt = (version: string): string[] =>
  Object.keys(facts.schemas).flatMap((name) =>
    fieldsAt(name, version)
      .filter(({ owner }) => owner === name)
      .map((field) => `${name}.${field.name}`),
  );
