import { IgnoreMatcher, type IgnoreVerdict } from "../archive/ignore-file.js";
import type { PathFilter, PathVerdict } from "../archive/walk.js";

interface Verdict extends PathVerdict {
  readonly included: IgnoreVerdict | undefined;
  readonly excluded: IgnoreVerdict;
}

/** Selects the paths of a context that BuildKit asks for: those that it includes, except those that it excludes. */
export class PathSelection implements PathFilter<Verdict> {
  readonly #includes: IgnoreMatcher | undefined;
  readonly #below: IgnoreMatcher;
  readonly #excludes: IgnoreMatcher;

  /**
   * @param includes - patterns of the paths to include, with everything below them; undefined to include everything.
   * @param excludes - patterns of the paths to exclude, in the order of an ignore file.
   */
  constructor(includes: readonly string[] | undefined, excludes: readonly string[]) {
    this.#includes = includes && new IgnoreMatcher(includes);
    this.#below = new IgnoreMatcher(includes?.map((pattern) => `!${pattern}`) ?? []);
    this.#excludes = new IgnoreMatcher(excludes);
  }

  judge(path: string, parent?: Verdict): Verdict {
    const included = this.#includes?.judge(path, parent?.included);
    const excluded = this.#excludes.judge(path, parent?.excluded);
    return { included, excluded, ignored: excluded.ignored || included?.ignored === false };
  }

  mayIncludeBelow(directory: string): boolean {
    const excluded = this.#excludes.ignores(directory);
    if (excluded && !this.#excludes.mayIncludeBelow(directory)) return false;
    return !this.#includes || this.#includes.ignores(directory) || this.#below.mayIncludeBelow(directory);
  }
}
