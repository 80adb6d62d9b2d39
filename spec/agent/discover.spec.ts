import * as openRpcSpecification from "@open-rpc/meta-schema";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { methods } from "../../lib/agent/methods/index.js";
import { openRpc } from "../../lib/agent/rpc/discover.js";

const document = openRpc("1.2.3");

// the types of the package do not declare its only value
const { openrpcDocument } = openRpcSpecification as unknown as { openrpcDocument: object };

describe("the OpenRPC document", () => {
  test("is valid", () => {
    const ajv = new Ajv({ strict: false, validateFormats: false });
    // its references to the schema of schemas lead to the network; Ajv itself checks our schemas below
    const text = JSON.stringify(openrpcDocument).replaceAll(/"\$(?:ref|schema|id)":"https:[^"]*"/g, '"description":""');
    const isValid = ajv.validate(JSON.parse(text) as object, document);
    expect(ajv.errors).toBeNull();
    expect(isValid).toBe(true);
    const schemas = { components: document.components };
    for (const name of Object.keys(document.components.schemas))
      expect(() => new Ajv({ strict: false }).compile({ ...schemas, $ref: `#/components/schemas/${name}` }), name).not.toThrow();
  });

  test("describes every method, its parameters and its errors", () => {
    expect(document.methods.map(({ name }) => name)).toEqual(Object.keys(methods));
    for (const { name, summary, params, errors } of document.methods) {
      expect(summary, name).toMatch(/\.$/);
      for (const param of params) expect(param.description ?? param.schema.$ref, `${name}.${param.name}`).toBeTruthy();
      expect(errors.length, name).toBeGreaterThan(4);
    }
  });

  test("refers only to schemas that it has, and names no type of ours", () => {
    const text = JSON.stringify(document);
    for (const [, name = ""] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g))
      expect(document.components.schemas).toHaveProperty(name);
    expect(text).not.toContain("tsType");
    expect(text).not.toContain("#/$defs/");
  });
});
