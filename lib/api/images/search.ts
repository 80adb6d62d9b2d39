import type { AuthConfiguration } from "../../auth/auth-configuration.js";
import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { registryRefusal } from "../../core/errors/registry.js";
import { credentials, filters, type FilterValue, integer, text } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { InvalidOptionError } from "../../errors/usage-errors.js";
import type { ImageSearchResult } from "../../types/image-results.js";

/** What repositories a search finds. @category Images */
export type SearchImagesFilters = {
  /** Whether the registry builds them automatically. No registry tells any more, so that true finds nothing. */
  "is-automated"?: FilterValue | undefined;
  /** Whether they are official images of Docker. */
  "is-official"?: FilterValue | undefined;
  /** How many stars they have at least. */
  stars?: FilterValue | undefined;
};

/** Options of {@link Client.searchImages}. */
export interface SearchImagesOptions {
  /** What to look for. A registry other than Docker Hub goes before it: `registry:5000/app`. */
  term: string;
  /** How many repositories to find at most, 1 to 100. By default 25. */
  limit?: number | undefined;
  /** What to find. */
  filters?: SearchImagesFilters | undefined;
  /** Credentials for the registry; false for none. By default those of the client. */
  auth?: AuthConfiguration | false | undefined;
}

const searchImages = operation<SearchImagesOptions>({
  name: "searchImages",
  method: "GET",
  path: "/images/search",
  fields: {
    term: text("term", { required: "nonempty" }),
    limit: integer("limit"),
    filters: filters<SearchImagesFilters>(),
    auth: credentials("X-Registry-Auth"),
  },
  errors({ term }) {
    const refused = registryRefusal(term);
    return { 401: refused, 403: refused, 500: refused };
  },
});

/** Mixed into {@link Client}. */
export default abstract class ImageSearchMixin extends Connection {
  /**
   * Searches a registry for repositories. Docker Hub can be searched; most other registries cannot.
   *
   * @category Images
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ImageSearch | ImageSearch}
   * @throws {@link InvalidOptionError} when the term is empty.
   * @throws {@link RegistryAuthenticationError} when the registry refuses the credentials, or wants some.
   * @throws {@link ServerError} when the registry cannot be reached or searched.
   */
  async searchImages(options: SearchImagesOptions, call?: CallOptions): Promise<ImageSearchResult[]> {
    const { term, auth } = options;
    if (!term) throw new InvalidOptionError("term", 'searchImages needs the option "term"', { operation: searchImages.name });
    const secretHeaders = await this.credentials.header(term, auth, call?.signal);
    return this.json(searchImages, options, call, { secretHeaders });
  }
}
