import { format } from "prettier";
import { openRpc } from "../../../lib/agent/rpc/discover.js";
import type { JsonSchema } from "../../../lib/agent/rpc/open-rpc.js";

const document = openRpc("0.0.0");

/** Returns the guide that lists the agent's methods, from the description that the agent itself gives. */
export async function generateReference(): Promise<string> {
  const methods = document.methods.map(({ name, summary, description, params, result }) =>
    [
      `### ${name}`,
      [summary, description].filter(Boolean).join(" "),
      params.length === 0 ? "It has no parameters." : table(params.map((param) => ({ ...param, schema: param.schema }))),
      `Result: ${typeOf(result.schema)}.`,
    ].join("\n\n"),
  );
  const types = Object.entries(document.components.schemas)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, schema]) => [`### ${name}`, schema.description ?? "", table(membersOf(schema))].join("\n\n"));
  const text = `---
title: Methods of the agent
category: Guides
---

# Methods of the agent

This page is generated from the schemas that the agent validates calls with; \`rpc.discover\` returns the same as an OpenRPC document.
Methods of mdocker may also be called \`MDocker.NAME\`. Every method takes \`async: true\` beside its named parameters and then answers
with a job. All times are in seconds.

## Methods

${methods.join("\n\n")}

## Types

${types.join("\n\n")}

## When it fails

Every method can fail as [Running an agent](agent.md) lists. The OpenRPC document lists the codes of each.
`;
  return format(text, { parser: "markdown", printWidth: 130 });
}

interface Member {
  readonly name: string;
  readonly required: boolean;
  readonly schema: JsonSchema;
  readonly description?: string;
}

function membersOf({ properties = {}, required = [] }: JsonSchema): Member[] {
  return Object.entries(properties).map(([name, schema]) => ({ name, required: required.includes(name), schema }));
}

function table(members: readonly Member[]): string {
  const rows = members.map(({ name, required, schema, description = schema.description ?? "" }) => {
    const text = description === "" ? (referred(schema)?.description ?? "") : description;
    return `| \`${name}\`${required ? "" : "?"} | ${typeOf(schema)} | ${text.replaceAll("|", "\\|")} |`;
  });
  return ["| member | type | description |", "| --- | --- | --- |", ...rows].join("\n");
}

function referred({ $ref }: JsonSchema): JsonSchema | undefined {
  return $ref === undefined ? undefined : document.components.schemas[$ref.replace(/^.*\//, "")];
}

function typeOf(schema: JsonSchema): string {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.replace(/^.*\//, "");
    return `[${name}](#${name.toLowerCase()})`;
  }
  if (schema.enum) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(", ");
  if (schema.type === "array") return `list of ${typeOf(schema.items ?? {})}`;
  const { additionalProperties: values } = schema;
  if (schema.type === "object" && typeof values === "object") return `map of ${typeOf(values)}`;
  return schema.type ?? "any JSON";
}
