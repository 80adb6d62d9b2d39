import { join } from "node:path";
import ts from "typescript";
import type { OptionDescription } from "../../lib/index.js";
import { compareVersions } from "../../lib/wire/api-version.js";
import { type FieldFact, fieldsAt, FIRST, parseType, schemaAt, type Shape, typeAt, versions } from "./api-schemas.js";
import { top } from "./installed-package.js";

/** A type with members, or the options that form a body. */
type Holder = (name: string) => ts.Symbol | undefined;

/** A member of a wire type, with its facts. */
interface Member {
  symbol: ts.Symbol;
  facts: FieldFact[];
}

/** Whether a version comes before another. */
const before = (version: string, other: string): boolean => compareVersions(version, other) < 0;
const earliest = (list: readonly string[]): string => list.reduce((least, version) => (before(version, least) ? version : least));

/** The compiler options of this repository. */
export function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(top, "tsconfig.json"), (path) => ts.sys.readFile(path)) as {
    config: { compilerOptions: object };
  }; // the format of tsconfig.json
  return ts.convertCompilerOptionsFromJson(config.compilerOptions, top).options;
}

/**
 * Compiles the client and the wire types.
 *
 * @param change - replacement for the contents of a file.
 * @param former - a program whose other files are reused.
 */
export function wireProgram(change = (_path: string, text: string): string => text, former?: ts.Program): ts.Program {
  const options = compilerOptions();
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (path, ...rest) => {
    const file = former?.getSourceFile(path) ?? getSourceFile(path, ...rest);
    const text = file && change(path, file.text);
    return file === undefined || text === undefined || text === file.text ? file : ts.createSourceFile(path, text, rest[0], true);
  };
  return ts.createProgram([join(top, "lib/client.ts"), join(top, "lib/types/index.ts")], options, host);
}

/** Compares the wire types with the recorded facts about the API and collects the differences. */
export class WireTypes {
  readonly problems = new Set<string>();
  /** The fields found in the types, as `Schema.field`, by version. */
  readonly covered = new Map<string, Set<string>>(versions.map((version) => [version, new Set()]));
  readonly #program: ts.Program;
  readonly #checker: ts.TypeChecker;
  readonly #client: ts.Type;
  readonly #names: Map<string, ts.Symbol>;
  readonly #members = new Map<ts.Declaration, Member>();
  readonly #walked = new Map<string, Set<ts.Type>>();
  /** Whether the client sends the type: it may omit a member instead of sending null. */
  #isRequest = false;

  constructor(program: ts.Program) {
    this.#program = program;
    this.#checker = program.getTypeChecker();
    const exportsOf = (path: string): Map<string, ts.Symbol> => {
      const source = program.getSourceFile(join(top, path));
      const module = source && this.#checker.getSymbolAtLocation(source);
      if (!module) throw new Error(`${path} is no module`);
      return new Map(this.#checker.getExportsOfModule(module).map((symbol) => [symbol.name, symbol]));
    };
    this.#names = exportsOf("lib/types/index.ts");
    const client = exportsOf("lib/client.ts").get("Client");
    if (!client) throw new Error("lib/client.ts exports no Client");
    this.#client = this.#checker.getDeclaredTypeOfSymbol(client);
  }

  /** Returns the wire type with a name. */
  named(name: string): ts.Type {
    const symbol = this.#names.get(name);
    if (!symbol) throw new Error(`lib/types exports no ${name}`);
    const target = symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
    return this.#checker.getDeclaredTypeOfSymbol(target);
  }

  /** The result types of a client's method, one per overload. */
  answersOf(method: string): ts.Type[] {
    return this.#signatures(method).map((signature) => {
      const type = this.#checker.getReturnTypeOfSignature(signature);
      return this.#checker.getAwaitedType(type) ?? type;
    });
  }

  /** The JSON body built from the options of a client's method. */
  #bodyOf(method: string, options: readonly OptionDescription[]): Holder {
    const [parameter] = this.#signatures(method)[0]?.parameters ?? [];
    if (!parameter) throw new Error(`${method} takes no options`);
    const given = this.#checker.getTypeOfSymbol(parameter);
    const optionOf = (option: string): ts.Symbol | undefined => this.#member(given, option);
    return (name) => {
      for (const { option, key } of options) {
        const symbol = optionOf(option);
        if (!symbol) throw new Error(`${method} has no option ${option}`);
        if (key === name) return symbol;
        const found = key === "" ? this.#member(this.#checker.getTypeOfSymbol(symbol), name) : undefined;
        if (found) return found;
      }
      return undefined;
    };
  }

  /** The names of the filters that a client's method accepts; undefined if it accepts any. */
  filtersOf(method: string): string[] | undefined {
    const [parameter] = this.#signatures(method)[0]?.parameters ?? [];
    const option = parameter && this.#member(this.#checker.getTypeOfSymbol(parameter), "filters");
    if (!option) return [];
    const type = this.#checker.getNonNullableType(this.#checker.getTypeOfSymbol(option));
    return type.getStringIndexType() ? undefined : type.getProperties().map(({ name }) => name);
  }

  /** Compares the JSON body of a request, in a version, with the one built from the options of a client's method. */
  request(shape: Shape, method: string, options: readonly OptionDescription[], version: string): void {
    this.#isRequest = true;
    const inBody = options.filter(({ in: place }) => place === "body");
    if (shape.kind === "schema") {
      this.#fields(shape.name, this.#bodyOf(method, inBody), method, version);
    } else {
      const [parameter] = this.#signatures(method)[0]?.parameters ?? [];
      const list = parameter && this.#member(this.#checker.getTypeOfSymbol(parameter), inBody[0]?.option ?? "");
      if (!list) this.problems.add(`${method}: no option for its body`);
      else this.shape(shape, this.#checker.getNonNullableType(this.#checker.getTypeOfSymbol(list)), version, method);
    }
    this.#isRequest = false;
  }

  /** Compares the fields of a schema, in a version, with the members of a type or body. */
  #fields(schema: string, holder: Holder, name: string, version: string): void {
    for (const { owner, name: field, fact } of fieldsAt(schema, version)) {
      const symbol = holder(field);
      const place = `${owner}.${field}`;
      if (!symbol) {
        this.problems.add(`${place}: missing in ${name}`);
        continue;
      }
      this.covered.get(version)?.add(place);
      this.#remember(symbol, fact);
      const type = this.#checker.getTypeOfSymbol(symbol);
      const value = this.#checker.getNonNullableType(type);
      // the client reads null as an empty list or map
      const isFilled = this.#itemOf(value) !== undefined || value.getStringIndexType() !== undefined;
      if (fact.nullable && !isFilled && !this.#isRequest && !this.#allows(type, ts.TypeFlags.Null)) {
        this.problems.add(`${place}: never null in ${name}, though ${fact.nullable}`);
      }
      if (fact.enum) this.#literals(fact.enum, value, place);
      this.shape(parseType(typeAt(fact, version)), value, version, place);
    }
  }

  /** Compares a recorded type, in a version, with a compiler type that is neither null nor undefined. */
  shape(shape: Shape, type: ts.Type, version: string, place: string): void {
    if (this.#isLoose(type)) return;
    const wrong = (expected: string) => {
      this.problems.add(`${place}: ${this.#checker.typeToString(type)}, not ${expected}`);
    };
    switch (shape.kind) {
      case "any":
      case "null":
        break;
      case "string":
        if (!this.#checker.isTypeAssignableTo(type, this.#checker.getStringType())) wrong(shape.kind);
        break;
      case "integer":
      case "number":
        if (!this.#checker.isTypeAssignableTo(type, this.#checker.getNumberType())) wrong(shape.kind);
        break;
      case "boolean":
        if (!this.#checker.isTypeAssignableTo(type, this.#checker.getBooleanType())) wrong(shape.kind);
        break;
      case "object":
        if (!(type.flags & ts.TypeFlags.Object) || this.#itemOf(type)) wrong(shape.kind);
        break;
      case "list":
      case "map": {
        const item = shape.kind === "list" ? this.#itemOf(type) : type.getStringIndexType();
        if (!item) wrong(shape.kind);
        else this.#part(shape.item, item, version, `${place}${shape.kind === "list" ? "[]" : ".*"}`);
        break;
      }
      case "either":
        this.#either(shape.options, type, version, place);
        break;
      case "schema":
        this.#schema(shape.name, type, version, place);
    }
  }

  /** Compares the versions in types and comments with the recorded ones. Call it after all comparisons. */
  checkVersions(): void {
    const first = new Map<ts.Node, string>();
    for (const [declaration, { facts }] of this.#members) {
      const since = earliest(facts.map((fact) => fact.since ?? FIRST));
      const known = first.get(declaration.parent);
      if (known === undefined || before(since, known)) first.set(declaration.parent, since);
    }
    for (const [declaration, { symbol, facts }] of this.#members) {
      const place = this.#nameOf(symbol);
      const comment = this.#commentOf(symbol);
      if (facts.some(({ undocumented }) => undocumented)) {
        if (!/Never documented|Undocumented|documents spell|API reference/.test(comment))
          this.problems.add(`${place}: its comment hides where it is from`);
        continue;
      }
      const optional = (symbol.flags & ts.SymbolFlags.Optional) !== 0;
      const since = earliest(facts.map((fact) => fact.since ?? FIRST));
      const base = first.get(declaration.parent) ?? FIRST;
      const gone = this.#goneFrom(facts);
      const isAlways = facts.every(({ required }) => required) && gone === undefined && since === base;
      if (optional && isAlways) this.problems.add(`${place}: optional, but always there`);
      if (!optional && before(base, since)) this.problems.add(`${place}: not optional, but since ${since}`);
      if (!optional && gone !== undefined) this.problems.add(`${place}: not optional, but gone from ${gone}`);
      const told = /(?:(?:Added in|Requires) API |API (?=\S+\+))(1\.\d+)/.exec(comment)?.[1];
      if ((before(base, since) || told !== undefined) && told !== since) {
        this.problems.add(`${place}: its comment says since ${told ?? "ever"}, not ${since}`);
      }
      const toldGone = /(?:Gone from|[Rr]emoved in) API (1\.\d+)/.exec(comment)?.[1];
      if (toldGone !== gone) {
        this.problems.add(`${place}: its comment says gone from ${toldGone ?? "none"}, not ${gone ?? "none"}`);
      }
    }
  }

  /** The members of the wire types that have a type with `unknown` in it. */
  unknowns(): string[] {
    const files = this.#program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(join(top, "lib/types/")));
    const found = new Set<string>();
    const visit = (node: ts.Node, member: string | undefined): void => {
      const isOpen = node.kind === ts.SyntaxKind.UnknownKeyword || node.kind === ts.SyntaxKind.AnyKeyword;
      if (isOpen && member !== undefined) found.add(member);
      const isMember = ts.isPropertySignature(node) && ts.isInterfaceDeclaration(node.parent);
      const name = isMember ? `${node.parent.name.text}.${node.name.getText()}` : member;
      ts.forEachChild(node, (child) => visit(child, name));
    };
    for (const file of files) visit(file, undefined);
    return [...found].sort();
  }

  /** The visited members that the API reference omits, with their comments. */
  strangers(): { name: string; comment: string }[] {
    const holders = new Set([...this.#members.keys()].map(({ parent }) => parent).filter(ts.isInterfaceDeclaration));
    const isWire = (holder: ts.Node): boolean => holder.getSourceFile().fileName.startsWith(join(top, "lib/types/"));
    return [...holders].filter(isWire).flatMap((holder) =>
      holder.members.flatMap((declaration) => {
        const symbol = declaration.name && this.#checker.getSymbolAtLocation(declaration.name);
        if (!symbol || this.#members.has(declaration)) return [];
        const comment = this.#commentOf(symbol);
        return [{ name: `${holder.name.text}.${symbol.name}`, comment }];
      }),
    );
  }

  #signatures(method: string): readonly ts.Signature[] {
    const symbol = this.#client.getProperty(method);
    if (!symbol) throw new Error(`Client has no ${method}`);
    return this.#checker.getTypeOfSymbol(symbol).getCallSignatures();
  }

  #schema(name: string, type: ts.Type, version: string, place: string): void {
    const schema = schemaAt(name, version);
    if (schema?.type !== undefined && schema.kind === "alias") {
      this.shape(parseType(schema.type), type, version, place);
    }
    if (schema?.enum) this.#literals(schema.enum, type, place);
    if (schema?.kind !== "object") return;
    const key = `${name} ${version} ${String(this.#isRequest)}`;
    const walked = this.#walked.get(key) ?? new Set();
    if (walked.has(type)) return;
    this.#walked.set(key, walked.add(type));
    this.#fields(name, (field) => this.#member(type, field), this.#checker.typeToString(type), version);
  }

  /** Compares the type of an item of a list or map, which may be null. */
  #part(shape: Shape, type: ts.Type, version: string, place: string): void {
    const nullable = shape.kind === "either" && shape.options.some(({ kind }) => kind === "null");
    if (nullable && !this.#allows(type, ts.TypeFlags.Null)) this.problems.add(`${place}: never null`);
    this.shape(shape, this.#checker.getNonNullableType(type), version, place);
  }

  #either(options: readonly Shape[], type: ts.Type, version: string, place: string): void {
    const left = options.filter(({ kind }) => kind !== "null");
    const parts = type.isUnion() && left.length > 1 ? type.types : [type];
    for (const [index, option] of left.entries()) {
      const fitting = parts.find((part) => (option.kind === "list") === (this.#itemOf(part) !== undefined));
      if (fitting) this.shape(option, fitting, version, place);
      else this.problems.add(`${place}: ${this.#checker.typeToString(type)}, not also form ${index + 1} of the documents`);
    }
  }

  /** Compares the values of a string type with the documented ones. */
  #literals(values: readonly string[], type: ts.Type, place: string): void {
    const parts = type.isUnion() ? type.types : [type];
    const literals = parts.flatMap((part) => (part.isStringLiteral() || part.isNumberLiteral() ? [String(part.value)] : []));
    if (type.flags & ts.TypeFlags.Boolean) return;
    const missing = values.filter((value) => !literals.includes(value));
    if (missing.length > 0) this.problems.add(`${place}: no value ${missing.map((value) => JSON.stringify(value)).join(", ")}`);
  }

  #member(type: ts.Type, name: string): ts.Symbol | undefined {
    for (const part of type.isUnion() ? type.types : [type]) {
      const symbol = this.#checker.getPropertyOfType(part, name);
      if (symbol) return symbol;
    }
    return undefined;
  }

  #itemOf(type: ts.Type): ts.Type | undefined {
    if (!this.#checker.isArrayType(type) && !this.#checker.isTupleType(type)) return undefined;
    return this.#checker.getIndexTypeOfType(type, ts.IndexKind.Number);
  }

  #allows(type: ts.Type, flag: ts.TypeFlags): boolean {
    return this.#isLoose(type) || (type.isUnion() ? type.types : [type]).some((part) => part.flags & flag);
  }

  #isLoose(type: ts.Type | undefined): boolean {
    return type !== undefined && (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0;
  }

  #nameOf(symbol: ts.Symbol): string {
    const parent = symbol.valueDeclaration?.parent;
    return `${parent && ts.isInterfaceDeclaration(parent) ? parent.name.text : "(options)"}.${symbol.name}`;
  }

  /** The doc comment of a symbol on a single line, so that a phrase matches wherever it is wrapped. */
  #commentOf(symbol: ts.Symbol): string {
    return ts.displayPartsToString(symbol.getDocumentationComment(this.#checker)).replace(/\s+/g, " ");
  }

  #remember(symbol: ts.Symbol, fact: FieldFact): void {
    const declaration = symbol.valueDeclaration;
    if (!declaration) return;
    const member = this.#members.get(declaration) ?? { symbol, facts: [] };
    if (!member.facts.includes(fact)) member.facts.push(fact);
    this.#members.set(declaration, member);
  }

  /** The version that removed it. */
  #goneFrom(facts: readonly FieldFact[]): string | undefined {
    const lasting = facts.filter(({ moved }) => moved === undefined);
    if (lasting.length === 0 || lasting.some(({ removed }) => removed === undefined)) return undefined;
    return lasting
      .map(({ removed = FIRST }) => removed)
      .reduce((last, version) => (before(last, version) ? version : last), FIRST);
  }
}
