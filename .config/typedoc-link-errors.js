// @ts-check
// Links errors from the other entries to the main entry, and presents inherited members of Client as its own.

import { Converter, ReflectionKind } from "typedoc";

const main = "ts-dockerclient";

/** @param {import("typedoc").Application} app */
export function load(app) {
  // comments of the other entries name errors that the main entry exports
  app.converter.addUnknownSymbolResolver((reference, { project }) => {
    const name = reference.symbolReference?.path?.map(({ path }) => path).join(".") ?? "";
    const isError = project.getChildByName([main, name])?.kindOf(ReflectionKind.Class);
    return isError ? `../classes/${main}.${name}.html` : undefined;
  });

  // the classes that Client is made of mean nothing to its users
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
