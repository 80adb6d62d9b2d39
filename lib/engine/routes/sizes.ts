import type { Container } from "../containers/container.js";
import type { ContainerSize } from "../containers/inspect.js";

/** Measures the files of a container. */
export async function sizeOf(container: Container): Promise<ContainerSize> {
  const { root } = await container.files();
  const { written, total } = await root.sizes();
  return { SizeRw: written, SizeRootFs: total };
}
