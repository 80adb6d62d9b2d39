import type { ImageSearchResult } from "../../types/image-results.js";

/**
 * Finds images for `docker search`.
 *
 * @param term - what is searched for.
 * @param limit - the most results that are wanted, from 1 to 100.
 * @returns the images. The engine applies the filters of the client.
 */
export type ImageSearch = (term: string, limit: number) => ImageSearchResult[] | Promise<ImageSearchResult[]>;
