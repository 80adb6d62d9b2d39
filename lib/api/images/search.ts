import type { AuthConfiguration } from "../../auth/auth-configuration.js";
import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { registryRefusal } from "../../core/errors/registry.js";
import { credentials, filters, type FilterValue, integer, text } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { InvalidOptionError } from "../../errors/usage-errors.js";
import type { ImageSearchResult } from "../../types/image-results.js";

/** Filters for {@link Client.searchImages}. @category Images */
export type SearchImagesFilters = {
  /** Whether the repositories are built automatically. Registries no longer report this, so true matches no repositories. */
  "is-automated"?: FilterValue | undefined;
  /** Whether the repositories are official Docker images. */
  "is-official"?: FilterValue | undefined;
  /** Minimum number of stars. */
  stars?: FilterValue | undefined;
};

/** Options for {@link Client.searchImages}. */
export interface SearchImagesOptions {
  /** The search term. To search a registry other than Docker Hub, prefix the term with the registry: `registry:5000/app`. */
  term: string;
  /** Maximum number of results, from 1 to 100. Defaults to 25. */
  limit?: number | undefined;
  /** Filters for the repositories to return. */
  filters?: SearchImagesFilters | undefined;
  /** Credentials for the registry; false to send none. Defaults to the client's credentials. */
  auth?: AuthConfiguration | false | undefined;
}

const searchImages = operation<SearchImagesOptions>({
  name: "searchImages",
  method: "GET",
  path: "/images/search",
  slow: true,
  fields: {
    term: text("term", { required: "nonempty" }),
    limit: integer("limit"),
    filters: filters<SearchImagesFilters>({ "is-automated": true, "is-official": true, stars: true }),
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
   * Searches a registry for repositories. Most registries other than Docker Hub do not support this.
   *
   * @category Images
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ImageSearch | ImageSearch}
   * @throws {@link InvalidOptionError} when `term` is empty.
   * @throws {@link RegistryAuthenticationError} when credentials are missing or the registry rejects them.
   * @throws {@link ServerError} when the registry is unreachable or does not support search.
   */
  async searchImages(options: SearchImagesOptions, call?: CallOptions): Promise<ImageSearchResult[]> {
    const { term, auth } = options;
    if (!term) throw new InvalidOptionError("term", 'searchImages needs the option "term"', { operation: searchImages.name });
    const secretHeaders = await this.credentials.header(term, auth, call?.signal);
    return this.json(searchImages, options, call, { secretHeaders });
  }
}
