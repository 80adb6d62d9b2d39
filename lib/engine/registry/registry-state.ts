import { randomUUID } from "node:crypto";
import type { BlobStore } from "../store/blobs.js";
import { RegistryFault } from "./registry-fault.js";

/** A manifest of the embedded registry. */
interface StoredManifest {
  /** Its media type. */
  readonly type: string;
  /** Its bytes. */
  readonly bytes: Buffer;
}

/** A repository of the embedded registry. */
export interface Repository {
  /** Digests of manifests by tag. */
  readonly tags: Map<string, string>;
  /** Manifests by digest. */
  readonly manifests: Map<string, StoredManifest>;
  /** Digests of the blobs that were uploaded to the repository or mounted. */
  readonly blobs: Set<string>;
}

/** An upload in progress. */
export interface Upload {
  /** Its ID. */
  readonly id: string;
  /** The repository. */
  readonly repository: string;
  /** The digests of the pieces that were received. */
  readonly pieces: string[];
  /** The number of bytes that were received. */
  size: number;
}

/** What the embedded registry holds. */
export class RegistryState {
  /** The blobs of all repositories. */
  readonly blobs: BlobStore;
  readonly #repositories = new Map<string, Repository>();
  readonly #uploads = new Map<string, Upload>();

  constructor(blobs: BlobStore) {
    this.blobs = blobs;
  }

  /** Returns the sorted names of the repositories with manifests. */
  repositories(): string[] {
    return [...this.#repositories].flatMap(([name, { manifests }]) => (manifests.size > 0 ? [name] : [])).sort();
  }

  /** Returns a repository; undefined if there is none. */
  repository(name: string): Repository | undefined {
    return this.#repositories.get(name);
  }

  /** Returns a repository. @throws {@link RegistryFault} with status 404. */
  known(name: string): Repository {
    const repository = this.#repositories.get(name);
    if (!repository) throw new RegistryFault(404, "NAME_UNKNOWN", "repository name not known to registry");
    return repository;
  }

  /** Returns a repository, and creates it if there is none. */
  ensured(name: string): Repository {
    const repository = this.#repositories.get(name) ?? { tags: new Map(), manifests: new Map(), blobs: new Set() };
    this.#repositories.set(name, repository);
    return repository;
  }

  /** Starts an upload. */
  begin(repository: string): Upload {
    const upload: Upload = { id: randomUUID(), repository, pieces: [], size: 0 };
    this.#uploads.set(upload.id, upload);
    return upload;
  }

  /** Returns an upload. @throws {@link RegistryFault} with status 404. */
  upload(repository: string, id: string): Upload {
    const upload = this.#uploads.get(id);
    if (upload?.repository !== repository) throw new RegistryFault(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry");
    return upload;
  }

  /** Returns whether a repository or an upload has a blob. */
  isNeeded(digest: string): boolean {
    const isPiece = [...this.#uploads.values()].some(({ pieces }) => pieces.includes(digest));
    return isPiece || [...this.#repositories.values()].some(({ blobs }) => blobs.has(digest));
  }

  /** Ends an upload. */
  end(upload: Upload): void {
    this.#uploads.delete(upload.id);
  }
}
