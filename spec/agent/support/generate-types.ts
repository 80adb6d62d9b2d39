import { compile } from "json-schema-to-typescript";
import { format } from "prettier";
import * as z from "zod";
import { methods } from "../../../lib/agent/methods/index.js";
import { policySettings } from "../../../lib/agent/policy/settings.js";
import { openRpc } from "../../../lib/agent/rpc/discover.js";
import type { JsonSchema } from "../../../lib/agent/rpc/open-rpc.js";

/** What each method is called in TypeScript, with its name on the wire. */
const names = Object.keys(methods)
  .filter((name) => name !== "GetImages")
  .map((wire) => {
    const plain = wire.replace(/^(Agent|rpc)\./, "");
    return { wire, name: `${plain.slice(0, 1).toLowerCase()}${plain.slice(1)}` };
  });

const capital = (name: string): string => `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;

/** Returns the TypeScript types of the agent's methods, which their schemas declare. */
export async function generateTypes(): Promise<string> {
  const document = openRpc("0.0.0", true);
  const { $defs = {} } = z.toJSONSchema(policySettings) as JsonSchema;
  const definitions: Record<string, JsonSchema> = { ...document.components.schemas, ...$defs };
  const signatures: string[] = [];
  for (const { wire, name } of names) {
    const method = document.methods.find((each) => each.name === wire);
    if (!method) throw new Error(`no method ${wire}`);
    const params = `${capital(name)}Params`;
    const properties = Object.fromEntries(method.params.map((param) => [param.name, param.schema]));
    const required = method.params.filter((param) => param.required).map((param) => param.name);
    const hasParams = method.params.length > 0;
    if (hasParams)
      definitions[params] = {
        type: "object",
        description: `Parameters of {@link AgentMethods.${name}}.`,
        properties,
        required,
        additionalProperties: false,
      };
    const { $ref, tsType } = method.result.schema as JsonSchema & { tsType?: string };
    const result = tsType ?? $ref?.replace(/^.*\//, "") ?? "Record<string, unknown>";
    const optional = required.length === 0 ? "?" : "";
    signatures.push(
      `/** ${[method.summary, method.description].filter(Boolean).join("\n *\n * ")}\n */\n` +
        `${name}(params${optional}: ${hasParams ? params : "Record<string, never>"}, options?: AgentCallOptions): Promise<${result}>;`,
    );
  }
  // a type that is referred to by its name is not repeated where a property has a description of its own
  const byName = (_: string, value: unknown): unknown => {
    if (typeof value !== "object" || value === null || !("$ref" in value)) return value;
    const { $ref, ...rest } = value as { $ref: string };
    return { ...rest, tsType: $ref.replace(/^.*\//, "") };
  };
  const whole = { title: "Unused", type: "object", properties: {}, additionalProperties: false, definitions };
  const schema = JSON.parse(JSON.stringify(whole, byName)) as Record<string, unknown>;
  const types = await compile(schema, "Unused", {
    additionalProperties: false,
    bannerComment: "",
    format: false,
    unreachableDefinitions: true,
    declareExternallyReferenced: true,
  });
  const source = `/* eslint max-lines: "off" -- generated */
// Generated from the schemas of the methods: npx vitest run --config .config/vitest.config.ts spec/agent/client/types.spec.ts -u

import type { ContainerInspect, SystemInfo } from "../../index.js";
import type { AgentCallOptions } from "./call-options.js";

${withoutUnused(types)}

/** The methods of an agent. @category Agent */
export interface AgentMethods {
${signatures.join("\n\n")}
}

/** The names of the methods on the wire. @internal */
export const METHOD_NAMES = ${JSON.stringify(Object.fromEntries(names.map(({ wire, name }) => [name, wire])))} as const satisfies Record<keyof AgentMethods, string>;
`;
  return format(source, { parser: "typescript", printWidth: 130 });
}

/** Removes what the generator says of itself, and puts every type into its category. */
function withoutUnused(types: string): string {
  return types
    .replace(/export interface Unused \{\s*\}\n?/, "")
    .replace(/ \*\n \* This interface was referenced by `Unused`'s JSON-Schema\n \* via the `definition` "\w+"\.\n/g, "")
    .replace(/ *\* @minItems \d+\n/g, "")
    .replace(/^( \*\/)(?=\nexport )/gm, " *\n * @category Agent\n$1");
}
