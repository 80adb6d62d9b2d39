// @ts-check
// Two things about the reference that TypeDoc's options do not offer.

import { Converter, ReflectionKind } from "typedoc";

const main = "ts-dockerclient";

/** @param {import("typedoc").Application} app */
export function load(app) {
  // comments of the other entries name errors, which the main entry exports
  app.converter.addUnknownSymbolResolver((reference, { project }) => {
    const name = reference.symbolReference?.path?.map(({ path }) => path).join(".") ?? "";
    const isError = project.getChildByName([main, name])?.kindOf(ReflectionKind.Class);
    return isError ? `../classes/${main}.${name}.html` : undefined;
  });

  // where a member of the client is written down is nothing to its users
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    const client = project.getChildByName([main, "Client"]);
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
