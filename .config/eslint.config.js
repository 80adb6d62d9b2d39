// @ts-check

import { dirname } from "node:path";
import js from "@eslint/js";
import importSort from "eslint-plugin-simple-import-sort";
import tsdoc from "eslint-plugin-tsdoc";
import tseslint from "typescript-eslint";

const syntax = /** @type {import("eslint").Rule.RuleModule} */ (tsdoc.rules.syntax);

/** Makes the tsdoc rule read tsdoc.json from this folder. By default it looks beside tsconfig.json. */
const withSettingsHere = (/** @type {import("eslint").Rule.RuleContext} */ { filename, report, sourceCode }) => ({
  filename,
  report,
  cwd: import.meta.dirname,
  sourceCode: {
    text: sourceCode.text,
    parserServices: {},
    getAllComments: () => sourceCode.getAllComments(),
    getLocFromIndex: (/** @type {number} */ index) => sourceCode.getLocFromIndex(index),
  },
});

/** @type {typeof syntax} */
const tsdocSyntax = {
  ...syntax,
  // @ts-expect-error the rule uses only these members of the context
  create: (context) => syntax.create(withSettingsHere(context)),
};

/** The body of a mixin. Only its methods are copied: its constructor never runs. */
const part = ":matches(ClassDeclaration[abstract=true], ClassDeclaration[superClass.name='Connection']) > ClassBody";
const partHasMethodsOnly = "a mixin of the client may have only public and protected methods: its constructor never runs";

/** Under jest and in `node:vm`, Node.js objects come from another realm, so that `instanceof` is false for these classes. */
const foreignClasses =
  "Error|(Range|Syntax|Type)Error|Date|(Shared)?ArrayBuffer|Uint8Array|DataView|Promise|Map|Set|RegExp|Array|Object|Function";

const realmSyntax = [
  {
    selector: `BinaryExpression[operator='instanceof'] > Identifier.right[name=/^(${foreignClasses})$/]`,
    message: "instanceof is false for objects of another realm, such as Node.js's under jest: use lib/wire/realm.ts",
  },
];

const clockMessage = "test frameworks replace this global: use lib/wire/clock.ts";

export default tseslint.config(
  { ignores: ["docs/api/**", "spec/bench/node_modules/**"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  js.configs.recommended,
  {
    plugins: { imports: importSort },
    // one block: Node.js modules, packages, then this repository's files
    rules: { "imports/imports": ["error", { groups: [["^node:", "^@?\\w", "^", "^\\."]] }] },
  },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: dirname(import.meta.dirname) } },
    rules: {
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-invalid-void-type": ["error", { allowAsThisParameter: true }],
      "@typescript-eslint/no-unnecessary-condition": ["error", { allowConstantLoopConditions: "only-allowed-literals" }],
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
  },
  {
    files: ["lib/**/*.ts"],
    plugins: { tsdoc: { rules: { syntax: tsdocSyntax } } },
    rules: {
      "max-lines": ["error", 400],
      "no-console": "error",
      "no-restricted-globals": [
        "error",
        ...["clearTimeout", "performance", "queueMicrotask", "setImmediate", "setInterval", "setTimeout"].map((name) => ({
          name,
          message: clockMessage,
        })),
      ],
      "no-restricted-imports": [
        "error",
        { paths: ["timers", "timers/promises"].map((name) => ({ name: `node:${name}`, message: clockMessage })) },
      ],
      "no-restricted-properties": ["error", { object: "process", property: "nextTick", message: clockMessage }],
      "no-restricted-syntax": ["error", ...realmSyntax],
      "tsdoc/syntax": "error",
      // a merged interface may extend a single mixin
      "@typescript-eslint/no-empty-object-type": ["error", { allowInterfaces: "with-single-extends" }],
    },
  },
  {
    files: ["lib/client.ts", "lib/api/*/index.ts", "lib/api/conveniences/*.ts", "lib/agent/client/agent-client.ts"],
    rules: { "@typescript-eslint/no-unsafe-declaration-merging": "off" },
  },
  {
    files: ["lib/api/**/*.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        ...realmSyntax,
        { selector: `${part} > :matches(PropertyDefinition, AccessorProperty, StaticBlock)`, message: partHasMethodsOnly },
        { selector: `${part} > [kind='constructor']`, message: partHasMethodsOnly },
        { selector: `${part} > [key.type='PrivateIdentifier']`, message: partHasMethodsOnly },
      ],
    },
  },
  {
    // the only places where the restricted names may be used
    files: ["lib/wire/realm.ts", "lib/wire/clock.ts"],
    rules: { "no-restricted-imports": "off", "no-restricted-syntax": "off" },
  },
  {
    files: ["spec/**/*.ts"],
    rules: {
      "max-lines": ["error", 500],
      // JSON.parse and vitest's matchers are `any`
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      // expectations already check what these rules require
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/unbound-method": "off",
      // test doubles implement foreign interfaces and throw arbitrary values
      "@typescript-eslint/no-empty-function": "off",
      // deprecated names keep working until they are removed
      "@typescript-eslint/no-deprecated": "off",
      "@typescript-eslint/only-throw-error": "off",
      "@typescript-eslint/prefer-promise-reject-errors": "off",
      "@typescript-eslint/require-await": "off",
    },
  },
  {
    files: ["**/*.js"],
    languageOptions: {
      globals: Object.fromEntries(Object.getOwnPropertyNames(globalThis).map((name) => [name, "readonly"])),
    },
  },
);
