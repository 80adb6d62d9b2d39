import type { Container } from "../containers/container.js";
import type { ContainerSize } from "../containers/inspect.js";
import { notSupported } from "../engine-error.js";
import { LayeredTree } from "../files/layered-tree.js";
import { treeSizes } from "../files/sizes.js";

/**
 * Measures the files of a container.
 *
 * @throws an {@link EngineError} with status 501 when its files do not record what was written.
 */
export async function sizeOf(container: Container): Promise<ContainerSize> {
  const { root } = await container.files();
  if (!(root instanceof LayeredTree)) throw notSupported("the files of this container do not record what was written");
  const { written, total } = treeSizes(root);
  return { SizeRw: written, SizeRootFs: total };
}
