import * as z from "zod";

/** The part of a JSON Schema that says which members a value has. */
interface Shape {
  $ref?: string;
  properties?: Record<string, Shape>;
  additionalProperties?: Shape | boolean;
  items?: Shape;
  $defs?: Record<string, Shape>;
}

const shapes = new WeakMap<z.ZodType, Shape>();

/**
 * Turns parameters of JSON-RPC 1.0 into those that a schema knows, as Go's decoder did: names match without regard to case, unknown
 * members are dropped, and null leaves a member out.
 */
export function adopt(schema: z.ZodType, value: unknown): unknown {
  let shape = shapes.get(schema);
  if (!shape) shapes.set(schema, (shape = z.toJSONSchema(schema, { io: "input" }) as Shape));
  return adoptAs(shape, shape, value);
}

function adoptAs(shape: Shape, root: Shape, value: unknown): unknown {
  const found = shape.$ref === undefined ? shape : (root.$defs?.[shape.$ref.replace("#/$defs/", "")] ?? shape);
  if (Array.isArray(value)) return found.items ? value.map((each) => adoptAs(found.items ?? {}, root, each)) : value;
  if (typeof value !== "object" || value === null || !found.properties) return value;
  const { properties, additionalProperties } = found;
  const names = new Map(Object.keys(properties).map((name) => [name.toLowerCase(), name]));
  const adopted: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    if (member === null) continue;
    const known = Object.hasOwn(properties, name) ? name : names.get(name.toLowerCase());
    if (known !== undefined) adopted[known] = adoptAs(properties[known] ?? {}, root, member);
    else if (additionalProperties !== false && name !== "__proto__") adopted[name] = member;
  }
  return adopted;
}
