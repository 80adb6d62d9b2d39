/** A JSON Schema. */
export interface JsonSchema {
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  $schema?: string;
  title?: string;
  description?: string;
  type?: string;
  enum?: unknown[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
  id?: string;
}

/** A method in an OpenRPC document. */
export interface OpenRpcMethod {
  name: string;
  summary: string;
  description?: string;
  paramStructure: "either";
  params: { name: string; description?: string; required: boolean; schema: JsonSchema }[];
  result: { name: string; schema: JsonSchema };
  errors: { code: number; message: string }[];
}

/** An OpenRPC document. */
export interface OpenRpc {
  openrpc: "1.3.2";
  info: { title: string; version: string; description: string };
  methods: OpenRpcMethod[];
  components: { schemas: Record<string, JsonSchema> };
}
