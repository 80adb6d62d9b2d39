// @ts-check
// Assigns options, filters and results to the category of the method that uses them, and other functions to "Helpers".

import { Comment, CommentTag, Converter, DeclarationReflection, ReferenceType, ReflectionKind } from "typedoc";

/** @typedef {import("typedoc").Reflection} Reflection */

const main = "ts-dockerclient";

/** @param {Reflection} reflection */
const categoryOf = (reflection) => Comment.combineDisplayParts(reflection.comment?.getTag("@category")?.content).trim();

/** @type {(reflection: Reflection, category: string) => void} */
function categorize(reflection, category) {
  reflection.comment ??= new Comment();
  reflection.comment.blockTags.push(new CommentTag("@category", [{ kind: "text", text: category }]));
}

/**
 * Collects the declarations that a reflection's types refer to directly.
 *
 * @param {Reflection} reflection
 * @param {Set<DeclarationReflection>} found
 */
function collectReferences(reflection, found = new Set()) {
  const visit = (/** @type {unknown} */ node) => {
    if (Array.isArray(node)) node.forEach(visit);
    else if (node instanceof ReferenceType) {
      if (node.reflection instanceof DeclarationReflection) found.add(node.reflection);
      visit(node.typeArguments);
    } else if (node instanceof DeclarationReflection) collectReferences(node, found);
    else if (typeof node === "object" && node !== null && "type" in node) Object.values(node).forEach(visit);
  };
  const { type, extendedTypes, signatures, typeParameters, parameters } = /** @type {any} */ (reflection); // by kind
  visit([type, extendedTypes, typeParameters]);
  for (const part of [...(signatures ?? []), ...(parameters ?? [])]) collectReferences(part, found);
  if (reflection.isDeclaration() && !reflection.kindOf(ReflectionKind.ClassOrInterface | ReflectionKind.Module)) {
    for (const child of reflection.children ?? []) collectReferences(child, found);
  }
  return found;
}

/**
 * Returns the members of a declaration, their signatures and nested members, each with its category.
 *
 * @param {DeclarationReflection} declaration
 * @param {string} [outer]
 * @returns {[Reflection, string][]}
 */
const withCategories = ({ children = [] }, outer = "") =>
  children.flatMap((child) => {
    if (child.flags.isProtected || child.flags.isPrivate) return [];
    const category = categoryOf(child) || outer;
    const signatures = (child.signatures ?? []).map(
      (it) => /** @type {[Reflection, string]} */ ([it, categoryOf(it) || category]),
    );
    return [/** @type {[Reflection, string]} */ ([child, category]), ...signatures, ...withCategories(child, category)];
  });

/** @param {import("typedoc").Application} app */
export function load(app) {
  // runs before TypeDoc reads the tags, at a lower priority
  app.converter.on(
    Converter.EVENT_RESOLVE_BEGIN,
    ({ project }) => {
      const entry = project.getChildByName(main);
      const client = project.getChildByName([main, "Client"]);
      if (!(entry instanceof DeclarationReflection) || !(client instanceof DeclarationReflection)) return;
      for (const { signatures = [] } of entry.children ?? []) {
        for (const signature of signatures) if (categoryOf(signature) === "") categorize(signature, "Helpers");
      }
      const own = new Set(entry.children?.filter((child) => !child.kindOf(ReflectionKind.Function)));
      // breadth first, so that a shared type belongs to the nearest method; types that Client does not use come last
      for (let level of [withCategories(client), withCategories(entry)]) {
        while (level.length > 0) {
          level = level.flatMap(([reflection, category]) => {
            const used = [...collectReferences(reflection)].filter((it) => own.has(it) && categoryOf(it) === "");
            if (category === "") return [];
            for (const it of used) categorize(it, category);
            return used.flatMap((it) =>
              [it, ...(it.children ?? [])].map((next) => /** @type {[Reflection, string]} */ ([next, category])),
            );
          });
        }
      }
    },
    1000,
  );
}
