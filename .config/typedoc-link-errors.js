// @ts-check
// Links errors in the other entry points to the main one, and shows inherited members of Client as its own.

import { Converter, ReflectionKind } from "typedoc";

const main = "ts-dockerclient";

/** @param {import("typedoc").Application} app */
export function load(app) {
  // comments of the other entry points refer to errors that the main one exports
  app.converter.addUnknownSymbolResolver((reference, { project }) => {
    const name = reference.symbolReference?.path?.map(({ path }) => path).join(".") ?? "";
    const isError = project.getChildByName([main, name])?.kindOf(ReflectionKind.Class);
    return isError ? `../classes/${main}.${name}.html` : undefined;
  });

  // the base classes and mixins of Client are internal
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    const client = project.getChildByName([main, "Client"]);
    if (client?.isDeclaration()) {
      delete client.extendedTypes;
      delete client.typeHierarchy;
    }
    client?.traverse(function forget(member) {
      if (member.isDeclaration() || member.kindOf(ReflectionKind.SomeSignature)) {
        const inherited = /** @type {import("typedoc").DeclarationReflection | import("typedoc").SignatureReflection} */ (member);
        delete inherited.inheritedFrom;
        delete inherited.overwrites;
      }
      member.traverse(forget);
    });
  });
}
