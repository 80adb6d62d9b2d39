import type { Container } from "../containers/container.js";
import type { ContainerSize } from "../containers/inspect.js";
import { diffSize, treeSize } from "../files/tree-size.js";

/** Measures the files of a container. */
export async function sizeOf(container: Container): Promise<ContainerSize> {
  const { root } = await container.files();
  return { SizeRw: await diffSize(root), SizeRootFs: await treeSize(root) };
}
