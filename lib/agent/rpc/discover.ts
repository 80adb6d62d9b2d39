import * as z from "zod";
import { methods } from "../methods/index.js";
import type { Method } from "../methods/method.js";
import type { JsonSchema, OpenRpc, OpenRpcMethod } from "./open-rpc.js";
import { CODES, type FailureKind } from "./rpc-error.js";

/** What the codes mean. */
const MEANINGS: Record<FailureKind, string> = {
  parseError: "The body is not JSON.",
  invalidRequest: "The request is not one of JSON-RPC.",
  methodNotFound: "The method does not exist.",
  invalidParams: "The parameters are invalid, or the engine refused them.",
  internal: "The agent has a fault. Its log says more.",
  engine: "The engine failed, or is not reachable.",
  unauthorized: "The engine or a registry refused the credentials.",
  notFound: "The guest, image, network, volume or job does not exist.",
  conflict: "The object's state does not allow the call.",
  unexpectedState: "The guest has another state than the call should have given it.",
  busy: "Too many calls wait, or the agent is shutting down. retryAfter says when to try again.",
  timeout: "The call took too long. Its work was aborted.",
  policy: "The policy does not allow the call. rule says which rule.",
  canceled: "The call was canceled.",
};

/** The failures that every method can have. */
const COMMON: readonly FailureKind[] = ["invalidParams", "internal", "engine", "busy", "timeout", "policy"];

/**
 * Returns the description of all methods.
 *
 * @param withTypes - whether schemas keep the names of their TypeScript types, which only our own tools use.
 */
export function openRpc(version: string, withTypes = false): OpenRpc {
  const named = (schema: JsonSchema): JsonSchema => referring(schema, withTypes);
  const schemas: Record<string, JsonSchema> = {};
  const schemaOf = (type: z.ZodType, io: "input" | "output"): JsonSchema => {
    const { $defs = {}, $schema: _, ...schema } = z.toJSONSchema(type, { io, reused: "inline" }) as JsonSchema;
    for (const [name, definition] of Object.entries($defs)) schemas[name] ??= named(definition);
    // a named type refers to itself, so that all uses of it do
    if (schema.id !== undefined) {
      const { id } = schema;
      schemas[id] ??= named(schema);
      return { $ref: `#/components/schemas/${id}` };
    }
    return named(schema);
  };
  const described = Object.entries(methods as unknown as Record<string, Method>).map(([name, declared]): OpenRpcMethod => {
    const { summary, details, params, result, failures = [] } = declared;
    const whole = schemaOf(params, "input");
    return {
      name,
      summary,
      ...(details !== undefined && { description: details }),
      paramStructure: "either",
      params: Object.entries(whole.properties ?? {}).map(([param, schema]) => ({
        name: param,
        ...(schema.description !== undefined && { description: schema.description }),
        required: whole.required?.includes(param) ?? false,
        schema,
      })),
      result: { name: "result", schema: schemaOf(result, "output") },
      errors: [...new Set([...COMMON, ...failures])].map((kind) => ({ code: CODES[kind], message: MEANINGS[kind] })),
    };
  });
  return {
    openrpc: "1.3.2",
    info: {
      title: "ts-dockerclient agent",
      version,
      description:
        "Manages the containers of one host. Calls that change something take `async: true` beside their named parameters and then answer with a job.",
    },
    methods: described,
    components: { schemas },
  };
}

/** Refers to the definitions of the document in place of those of one schema. */
function referring(schema: JsonSchema, withTypes: boolean): JsonSchema {
  const text = JSON.stringify(schema, (key, value: unknown) => (key === "tsType" && !withTypes ? undefined : value));
  const { id: _, ...rest } = JSON.parse(text.replaceAll('"#/$defs/', '"#/components/schemas/')) as JsonSchema;
  return rest;
}
