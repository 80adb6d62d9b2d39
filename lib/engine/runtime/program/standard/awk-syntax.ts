/** A place that a value can be assigned to. */
export type AwkTarget =
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "element"; readonly name: string; readonly index: readonly AwkExpression[] }
  | { readonly kind: "field"; readonly index: AwkExpression };

/** An expression of awk. */
export type AwkExpression =
  | AwkTarget
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "regex"; readonly source: string }
  | { readonly kind: "group"; readonly items: readonly AwkExpression[] }
  | { readonly kind: "assign"; readonly operator: string; readonly target: AwkTarget; readonly value: AwkExpression }
  | { readonly kind: "step"; readonly change: 1 | -1; readonly isBefore: boolean; readonly target: AwkTarget }
  | { readonly kind: "unary"; readonly operator: string; readonly operand: AwkExpression }
  | { readonly kind: "binary"; readonly operator: string; readonly left: AwkExpression; readonly right: AwkExpression }
  | { readonly kind: "choice"; readonly test: AwkExpression; readonly yes: AwkExpression; readonly no: AwkExpression }
  | { readonly kind: "contains"; readonly index: readonly AwkExpression[]; readonly name: string }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly AwkExpression[] }
  | { readonly kind: "builtin"; readonly name: string; readonly args: readonly AwkExpression[] }
  | {
      readonly kind: "getline";
      readonly from: "input" | "file" | "command";
      readonly source?: AwkExpression;
      readonly target?: AwkTarget;
    };

/** A statement of awk. */
export type AwkStatement =
  | { readonly kind: "expression"; readonly value: AwkExpression }
  | {
      readonly kind: "print";
      readonly isFormatted: boolean;
      readonly args: readonly AwkExpression[];
      readonly to?: { readonly operator: string; readonly target: AwkExpression };
    }
  | { readonly kind: "block"; readonly body: readonly AwkStatement[] }
  | { readonly kind: "if"; readonly test: AwkExpression; readonly yes: AwkStatement; readonly no?: AwkStatement }
  | { readonly kind: "while"; readonly test: AwkExpression; readonly body: AwkStatement; readonly isAfter: boolean }
  | {
      readonly kind: "for";
      readonly first?: AwkStatement;
      readonly test?: AwkExpression;
      readonly next?: AwkStatement;
      readonly body: AwkStatement;
    }
  | { readonly kind: "each"; readonly variable: string; readonly name: string; readonly body: AwkStatement }
  | { readonly kind: "delete"; readonly name: string; readonly index?: readonly AwkExpression[] }
  | { readonly kind: "jump"; readonly to: "break" | "continue" | "next" | "nextfile" }
  | { readonly kind: "exit" | "return"; readonly value?: AwkExpression };

/** A pattern with its action. */
export interface AwkRule {
  readonly pattern: "BEGIN" | "END" | readonly AwkExpression[];
  /** Undefined to print the record. */
  readonly action?: AwkStatement;
}

/** A function that the program defines. */
export interface AwkFunction {
  readonly parameters: readonly string[];
  readonly body: AwkStatement;
}

/** A program of awk. */
export interface AwkProgram {
  readonly rules: readonly AwkRule[];
  readonly functions: ReadonlyMap<string, AwkFunction>;
}
