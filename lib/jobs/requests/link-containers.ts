import * as z from "zod";
import { FAILURES } from "../errors.js";
import { containerLink } from "../schemas.js";
import type { ContainerLink } from "../values/links.js";
import { makeRequest, type RequestKind } from "./kind.js";
import type { JobRequest } from "./request.js";

/** Links of containers. @category Jobs */
export interface LinkContainersOptions {
  /** The containers with their links: at least one. */
  readonly links: readonly ContainerLink[];
}

const kind: RequestKind<LinkContainersOptions, undefined> = {
  name: "LinkContainersRequest",
  schema: z.strictObject({ links: z.array(containerLink).min(1, "at least one container must be linked") }),
  failure: FAILURES.linkContainersFailed,
  label: ({ links }) => links.map(({ id }) => id).join(", "),
  async execute({ links }, response, { backEnd, signal }) {
    for (const { id, networkLinks } of links) {
      await backEnd.store.links.put(id, networkLinks);
      await backEnd.link(id, networkLinks, signal);
    }
    response.success("ok");
  },
};

/**
 * Asks for links in place of those that containers have. They take effect at once. If one fails, those before it stay.
 *
 * @category Jobs
 */
export function linkContainersRequest(options: LinkContainersOptions): JobRequest {
  return makeRequest(kind, options);
}
